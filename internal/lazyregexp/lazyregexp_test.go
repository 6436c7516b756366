package lazyregexp_test

import (
	"testing"

	"github.com/privgen/privgen/internal/lazyregexp"
)

func TestNewCompilesOnce(t *testing.T) {
	t.Parallel()
	re := lazyregexp.New(`^a+$`)
	if !re().MatchString("aa") || re().MatchString("ab") {
		t.Error("the expression matches other texts")
	}
	if once, again := re(), re(); once != again {
		t.Error("the expression is compiled twice")
	}
}

func TestNewPanicsWhenUsed(t *testing.T) {
	t.Parallel()
	re := lazyregexp.New(`(`) // no panic here
	defer func() {
		if recover() == nil {
			t.Error("an expression with a mistake does not panic")
		}
	}()
	re()
}
