package main

import (
	"cmp"
	"fmt"
)

// A row is one line of the table.
type row struct {
	what    string
	took    series
	against string
	other   series
	aim     string
	text    string // replaces the measured values if not empty
}

// printTable prints the rows as Markdown.
func printTable(rows []row) {
	fmt.Println("| what | CPU | wall | peak | against | CPU | wall | peak | CPU ratio | wall ratio | aim |")
	fmt.Println("|---|--:|--:|--:|---|--:|--:|--:|--:|--:|---|")
	for _, r := range rows {
		aim := cmp.Or(r.aim, "-")
		if r.text != "" {
			fmt.Printf("| %s | - | - | - | %s | - | - | - | - | - | %s |\n", r.what, r.text, aim)
			continue
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", r.what,
			seconds(r.took.of(cpu)), seconds(r.took.of(wall)), mebibytes(r.took.of(memory)), r.against,
			seconds(r.other.of(cpu)), seconds(r.other.of(wall)), mebibytes(r.other.of(memory)),
			ratio(r.took.per(r.other, cpu)), ratio(r.took.per(r.other, wall)), aim)
	}
}

func seconds(s spread) string {
	if s.median < 1 {
		return fmt.Sprintf("%.0f ms", 1e3*s.median)
	}
	return fmt.Sprintf("%.1f s", s.median)
}

func mebibytes(s spread) string {
	if s.most == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f MiB", s.most)
}

func ratio(s spread) string {
	if s.most < 0.1 {
		return fmt.Sprintf("%.4f (%.4f–%.4f)", s.median, s.least, s.most)
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", s.median, s.least, s.most)
}
