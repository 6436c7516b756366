package site_test

import (
	"testing"
	"time"

	"github.com/privgen/privgen/internal/site"
)

func TestZoneKey(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	again, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	if site.ZoneKey(berlin) != site.ZoneKey(again) || site.ZoneKey(berlin) == site.ZoneKey(time.UTC) {
		t.Error("the key of a zone is not its own")
	}
	// The same name with another table.
	if site.ZoneKey(time.FixedZone("X", 3600)) == site.ZoneKey(time.FixedZone("X", 7200)) {
		t.Error("two tables of a zone have the same key")
	}
}
