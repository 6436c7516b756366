package status

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/privgen/privgen/internal/source"
)

// Print prints a line for each policy, or everything about each of them.
func (r *Report) Print(w io.Writer, details bool) {
	if details {
		for i := range r.Policies {
			r.Policies[i].print(w)
		}
	} else if len(r.Policies) > 0 {
		r.table(w)
	}
	fmt.Fprint(w, r.Record.Text())
	if r.Next != nil && !details {
		fmt.Fprintf(w, "next change: %s\n", r.Next.Sentence())
	}
}

// Add adds the report about one site, under a name, to a report about several sites.
// The next change is the first one of all sites.
func (r *Report) Add(site string, one *Report) {
	for _, p := range one.Policies {
		p.Site = site
		p.unlocked = one.Record.None
		r.Policies = append(r.Policies, p)
	}
	if n := one.Next; n != nil && (r.Next == nil || n.At < r.Next.At) {
		next := *n
		next.Policy = site + " " + n.Policy
		r.Next = &next
	}
}

func (r *Report) table(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if r.Policies[0].Site != "" {
		fmt.Fprint(t, "SITE\t")
	}
	fmt.Fprintln(t, "POLICY\tIN FORCE\tUPCOMING\tDRAFT\tTRANSLATIONS\tOPEN")
	for i := range r.Policies {
		p := &r.Policies[i]
		if p.Site != "" {
			fmt.Fprint(t, p.Site, "\t")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Slug, p.inForce(), cmp.Or(p.upcoming(), "-"),
			cmp.Or(p.Draft.String(), "-"), cmp.Or(p.translations(), "-"), cmp.Or(p.open(), "-"))
	}
	t.Flush()
}

func (p *Policy) inForce() string {
	switch {
	case p.Withdrawn != "":
		return "withdrawn " + p.Withdrawn
	case p.InForce == nil:
		return "none"
	case !strings.HasPrefix(p.InForce.ID, p.InForce.Effective):
		return p.InForce.ID + " since " + p.InForce.Effective
	}
	return p.InForce.ID
}

// upcoming returns the next version to take effect; the others are in the details.
func (p *Policy) upcoming() string {
	if len(p.Upcoming) == 0 {
		return ""
	}
	return p.Upcoming[0].String()
}

func (v Version) String() string {
	text := v.ID
	if !strings.HasPrefix(v.ID, v.Effective) {
		text += " from " + v.Effective
	}
	return fmt.Sprintf("%s in %s", text, source.Count(v.Days, "day"))
}

func (d *Draft) String() string {
	switch {
	case d == nil:
		return ""
	case d.Broken:
		return "has problems"
	case d.Against == "":
		return "first"
	case d.Same:
		return "same text"
	}
	return fmt.Sprintf("+%d -%d words", d.Added, d.Removed)
}

// translations returns what has to be done for the translations of the versions in force
// and upcoming, or their languages if nothing has to be done.
func (p *Policy) translations() string {
	var done, todo []string
	for _, t := range p.Translations {
		if t.Version == "draft" {
			continue
		}
		if !slices.Contains(done, t.Lang) {
			done = append(done, t.Lang)
		}
		if text := t.todo(); text != "" {
			if p.InForce == nil || t.Version != p.InForce.ID {
				text, _, _ = strings.Cut(text, ",")
				text += " for " + t.Version
			}
			todo = append(todo, t.Lang+" "+text)
		}
	}
	if len(todo) > 2 {
		return fmt.Sprintf("%s, and %d more", todo[0], len(todo)-1)
	}
	if len(todo) == 0 {
		todo = done
	}
	return strings.Join(todo, ", ")
}

func (t *Translation) todo() string {
	switch {
	case t.Status == older:
		return "missing, last " + t.Last
	case t.Status != translated:
		return t.Status
	case len(t.Differences) > 0:
		return source.Count(len(t.Differences), "difference")
	}
	return ""
}

func (p *Policy) open() string {
	var list []string
	kinds, n := []string{"placeholder", "dead link", "changed text", "other problem"}, map[string]int{}
	for _, o := range p.Open {
		kind := strings.ReplaceAll(o.Code, "-", " ")
		if !slices.Contains(kinds, kind) {
			kind = "other problem"
		}
		n[kind]++
	}
	for _, kind := range kinds {
		if n[kind] > 0 {
			list = append(list, source.Count(n[kind], kind))
		}
	}
	for _, d := range p.Duties {
		if d.Code == "review-due" {
			list = append(list, "review by "+p.Review.Due)
		} else {
			list = append(list, strings.ReplaceAll(d.Code, "-", " "))
		}
	}
	if n := len(p.Unrecorded); n > 0 {
		list = append(list, fmt.Sprintf("%d not locked", n))
	}
	if p.unlocked {
		list = append(list, "no lock file")
	}
	return strings.Join(list, ", ")
}

// mostListed is the maximum number of places of one kind that print lists.
const mostListed = 10

// print prints everything about a policy.
func (p *Policy) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s\n", p.Slug, p.Title)
	fmt.Fprintf(w, "  in force: %s; %s\n", p.inForce(), source.Count(p.Versions, "version"))
	for _, v := range p.Upcoming {
		fmt.Fprintf(w, "  upcoming: %s\n", v)
		if v.Notice != nil {
			fmt.Fprintf(w, "    %s\n", v.Notice)
		}
	}
	if d := p.Draft; d != nil {
		text := d.String()
		if d.Against != "" {
			text += fmt.Sprintf(" in %s, against %s", source.Count(d.Clauses, "clause"), d.Against)
		}
		fmt.Fprintf(w, "  draft (%s): %s\n", strings.Join(d.Langs, ", "), text)
		if d.Notice != nil {
			fmt.Fprintf(w, "    %s\n", d.Notice.ofDraft())
		}
	}
	for i := range p.Translations {
		t := &p.Translations[i]
		fmt.Fprintf(w, "  %s %s: %s\n", t.Lang, t.Version, cmp.Or(t.todo(), t.Status))
		for i, d := range t.Differences {
			if i == mostListed {
				fmt.Fprintf(w, "    and %d more (--json lists all)\n", len(t.Differences)-i)
				break
			}
			fmt.Fprintf(w, "    %v: %s\n", d.Pos, d.What)
		}
	}
	for _, file := range p.Unrecorded[:min(len(p.Unrecorded), mostListed)] {
		fmt.Fprintf(w, "  not in the lock file: %s\n", file)
	}
	if n := len(p.Unrecorded) - mostListed; n > 0 {
		fmt.Fprintf(w, "  and %d more\n", n)
	}
	for _, o := range p.Open {
		fmt.Fprintf(w, "  %v: %s\n", o.Pos, o.What)
	}
	for _, d := range p.Duties {
		if d.Code == "parallel-release" {
			fmt.Fprintf(w, "  %v: %s\n", d.Pos, d.What)
		}
	}
	if p.Review != nil {
		fmt.Fprintf(w, "  %s\n", p.Review)
	}
	if p.Next != nil {
		fmt.Fprintf(w, "  next: %s\n", p.Next.Sentence())
	}
}
