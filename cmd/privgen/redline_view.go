package main

import (
	"io"

	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/terminal"
	"github.com/privgen/privgen/internal/visible"
)

// This file prints redlines: as text, as JSON, and as a page.

// A redlineView is a redline with what it is of.
type redlineView struct {
	what          string // the policy's slug, or empty
	before, after side
	redline       *redline.Redline
}

// A redlineReport is a redline as JSON, with what it is of.
type redlineReport struct {
	Policy string `json:"policy,omitempty"`
	Before string `json:"before"`
	After  string `json:"after"`
	view.Report
}

func (v *redlineView) report() redlineReport {
	return redlineReport{v.what, v.before.name, v.after.name, view.NewReport(v.redline)}
}

// name returns what the redline is of.
func (v *redlineView) name() string {
	name := v.before.name + " to " + v.after.name
	if v.what != "" {
		name = v.what + " " + name
	}
	return name
}

// summary returns two lines: what it is of, and how much changed.
func (v *redlineView) summary() string { return v.name() + "\n" + view.Summary(v.redline) + "\n" }

func (v *redlineView) stat(w io.Writer) error {
	_, err := io.WriteString(w, v.summary()+view.Stat(v.redline))
	return err
}

// print prints the marked text. The redline makes control sequences of the texts
// visible, so its own colors can pass.
func (v *redlineView) print(w io.Writer, color bool) error {
	b := []byte(visible.Text(v.summary()))
	if v.redline.Verdict > redline.Rewrapped {
		b = view.Text(append(b, '\n'), v.redline, color)
	}
	_, err := terminal.Behind(w).Write(b)
	return err
}
