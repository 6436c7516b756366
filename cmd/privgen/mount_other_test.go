//go:build !linux

package main

func canMount() bool { return false }
