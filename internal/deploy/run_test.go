package deploy_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// wholeDeploy returns a deploy of a site, and what it shows of its progress.
func wholeDeploy(m *memory, site small) (*deploy.Deploy, map[string]bool) {
	shown := map[string]bool{}
	return &deploy.Deploy{Options: deploy.Options{Target: "www", Keep: 3, MaxRemovals: 5}, Site: "https://acme.example/",
		Program: "a", Tree: site.tree(), Store: m,
		Progress: func(doing string, _, _ int) { shown[doing] = true }}, shown
}

// pushAll plans and pushes, and returns the plan.
func pushAll(t *testing.T, d *deploy.Deploy) *deploy.Plan {
	t.Helper()
	defer d.Close()
	ctx := context.Background()
	lock, held, err := deploy.TakeLock(ctx, d.Store, noWait(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Free(ctx)
	p, list, err := d.Plan(held)
	if err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	if len(p.Refusals) == 0 {
		if err := d.Push(held, p, deploy.Pushing{Now: "2026-06-01T09:00:00Z", Keep: 3, Lock: lock}); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestWholeDeploy(t *testing.T) {
	t.Parallel()
	m := newMemory()
	d, shown := wholeDeploy(m, first())
	p := pushAll(t, d)
	m.holds(t, first().bodies())
	if !shown["rendering page"] || !strings.HasPrefix(p.Summary(), "9 added, 0 changed, 0 removed, 0 unchanged; ") {
		t.Errorf("%s, after %v", p.Summary(), shown)
	}
	if have := p.Text("memory"); !strings.HasPrefix(have, "plan for www (memory): the first deploy\n  add      assets/style.1.css  (3 B; new)\n") {
		t.Errorf("the plan is %s", have)
	}
	// What was published stays.
	d, _ = wholeDeploy(m, second().with(small{"privacy/2024-01-01/index.html": {}, "privacy/2024-01-01/index.md": {}}))
	if p := pushAll(t, d); !slices.Equal(strings.Fields(codes(p)), []string{"promise"}) {
		t.Errorf("refused is %s", codes(p))
	}
	d, _ = wholeDeploy(m, second())
	pushAll(t, d)
	d, _ = wholeDeploy(m, nil)
	d.Back, d.MaxRemovals = -1, -1
	p = pushAll(t, d)
	if have := p.Text("memory"); p.Back != 1 || !strings.HasPrefix(have, "plan for www (memory): deploy 3, back to deploy 1\n") {
		t.Errorf("the plan of a rollback is %s", have)
	}
	d, _ = wholeDeploy(m, nil)
	d.Back = 9
	_, _, err := d.Plan(context.Background())
	if no, ok := errors.AsType[*source.Problem](err); !ok || no.Code != "unknown-deploy" {
		t.Errorf("have %v", err)
	}
}

// A page that cannot be rendered is a problem, if it is one, and then nothing is
// deployed.
func TestWholeDeployFails(t *testing.T) {
	t.Parallel()
	mistake := source.NewProblem(source.In("templates/a.html"), "template-failed", "it stops", "mend it")
	for _, test := range []struct {
		err    error
		listed int
	}{{mistake, 1}, {errors.New("the disk is full"), 0}} {
		m := newMemory()
		d, _ := wholeDeploy(m, nil)
		d.Tree = tree.New([]tree.Entry{{Path: "a.html", Render: func(*bytes.Buffer) error { return test.err }}})
		p, list, err := d.Plan(context.Background())
		if p != nil || len(list) != test.listed || (err != nil) == (test.listed > 0) || len(m.bodies()) > 0 {
			t.Errorf("of %v: have %v, %v, %v", test.err, p, list, err)
		}
		d.Close()
	}
}
