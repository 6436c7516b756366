package locale_test

import (
	"testing"

	"github.com/privgen/privgen/internal/locale"
)

func TestMonths(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tag, wide, short string }{
		{"en-US", "March", "Mar"},
		{"de", "März", "März"},
		{"pl", "marca", "mar"}, // the genitive, as in a date
		{"sr-Latn", "mart", "mar"},
		{"tlh", "", ""},
		{"", "", ""},
	} {
		wide, short := locale.Months(test.tag)
		if test.wide == "" {
			if wide != nil || short != nil {
				t.Errorf("Months(%q) = %q, %q, want none", test.tag, wide, short)
			}
			continue
		}
		if len(wide) != 12 || len(short) != 12 || wide[2] != test.wide || short[2] != test.short {
			t.Errorf("Months(%q) = %q, %q, want %s and %s for March", test.tag, wide, short, test.wide, test.short)
		}
	}
}

func TestMonthFirst(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tag          string
		first, known bool
	}{
		{"en-US", true, true},
		{"en-GB", false, true},
		{"en-AU", false, true},
		{"en", false, false}, // both orders are usual
		{"de", false, true},
		{"fr", false, true},
		{"ar", false, true},
		{"pt-BR", false, true},
		{"ja", true, false}, // 2026/03/04
		{"hu", true, false},
		{"en-ZA", true, false},
		{"tlh", false, false},
	} {
		first, known := locale.MonthFirst(test.tag)
		if known != test.known || known && first != test.first {
			t.Errorf("MonthFirst(%q) = %v, %v, want %v, %v", test.tag, first, known, test.first, test.known)
		}
	}
}
