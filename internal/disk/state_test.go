package disk_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

func paths(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("policy-%03d/2026-01-01.%d/index.html", i/200, i%200))
	}
	slices.Sort(list)
	return list
}

func TestState(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 500} {
		want := disk.EncodeState("program", paths(n), []byte("memory"))
		got, again, err := disk.DecodeState(want)
		if err != nil || !reflect.DeepEqual(got, paths(n)) || !bytes.Equal(again, want) {
			t.Errorf("%d files: %v", n, err)
		}
	}
	// A changed byte or a missing end is an error.
	state := disk.EncodeState("program", paths(3), []byte("memory"))
	for i := range state {
		broken := bytes.Clone(state)
		broken[i] ^= 0x10
		if _, _, err := disk.DecodeState(broken); err == nil {
			t.Errorf("byte %d may be anything", i)
		}
		if _, _, err := disk.DecodeState(state[:i]); err == nil {
			t.Errorf("the first %d bytes are enough", i)
		}
	}
}

func FuzzState(f *testing.F) {
	f.Add(disk.EncodeState("program", paths(3), []byte("memory")))
	f.Add(disk.EncodeState("", nil, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, again, err := disk.DecodeState(b); err == nil && !bytes.Equal(again, b) {
			t.Errorf("%q is read, and written as %q", b, again)
		}
		disk.DecodeState(disk.Sealed(b)) // must not panic if the checksum is right, either
	})
}

func TestParseOwned(t *testing.T) {
	t.Parallel()
	const a, b = "0000000000000000000000000000000000000000000000000000000000000000", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	text := "# comment\n<<<<<<< ours\n" + b + "  x/index.html\n" + a + "  x/index.html\r\n=======\n" + a + " *bin\n" + a + "  x/index.html\n" +
		"short  y\n" + a + " y\n" + a + "  \n" + a + "  ../y\n" + a + "  /y\n" + a + "  a//y\n" + a + "  .privgen\n" + a + "  .\n" + a + "  with space.txt\n" + b[:63] + "g  y\n" + a + "  last"
	got, again := disk.ParseOwned([]byte(text))
	if want := []string{"bin", "last", "with space.txt", "x/index.html", "x/index.html"}; !reflect.DeepEqual(got, want) {
		t.Errorf("have %q\nwant %q", got, want)
	}
	if _, twice := disk.ParseOwned(again); !bytes.Equal(again, twice) {
		t.Errorf("have %q", twice)
	}
}

func FuzzParseOwned(f *testing.F) {
	f.Add([]byte("87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  a/b\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer func() {
			if v := recover(); v != nil && !bytes.ContainsAny(text, "\\\r") {
				t.Error(v)
			}
		}()
		_, again := disk.ParseOwned(text)
		if _, twice := disk.ParseOwned(again); !bytes.Equal(again, twice) {
			t.Errorf("%q\n%q", again, twice)
		}
	})
}
