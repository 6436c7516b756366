package main

import (
	"io"

	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/terminal"
	"github.com/privgen/privgen/internal/visible"
)

// This file prints redlines as text and as JSON.

// A redlineView is a redline with its two sides.
type redlineView struct {
	what          string // the policy's slug, or empty
	before, after side
	redline       *redline.Redline
}

// A redlineReport is a redline as JSON, with the names of its sides.
type redlineReport struct {
	Policy string `json:"policy,omitempty"`
	Before string `json:"before"`
	After  string `json:"after"`
	view.Report
}

func (v *redlineView) report() redlineReport {
	return redlineReport{v.what, v.before.name, v.after.name, view.NewReport(v.redline)}
}

// name returns the policy, if there is one, and the names of both sides.
func (v *redlineView) name() string {
	name := v.before.name + " to " + v.after.name
	if v.what != "" {
		name = v.what + " " + name
	}
	return name
}

// summary returns two lines: the name, and how much changed.
func (v *redlineView) summary() string { return v.name() + "\n" + view.Summary(v.redline) + "\n" }

func (v *redlineView) stat(w io.Writer) error {
	_, err := io.WriteString(w, v.summary()+view.Stat(v.redline))
	return err
}

// print prints the marked text. Packages view and visible escape control characters of
// the texts, so print writes past the screen, which would escape the colors, too.
func (v *redlineView) print(w io.Writer, color bool) error {
	b := []byte(visible.Text(v.summary()))
	if v.redline.Verdict > redline.Rewrapped {
		b = view.Text(append(b, '\n'), v.redline, color)
	}
	_, err := terminal.Behind(w).Write(b)
	return err
}
