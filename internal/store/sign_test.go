package store_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/store"
)

// The signature is the one of the test suite of Signature Version 4,
// "get-vanilla", with POST ("post-vanilla").
func TestSignAWS(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequest(http.MethodPost, "https://example.amazonaws.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	store.SignAWSBy(r, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "service", "us-east-1", time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC))
	if want := "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"; !strings.HasSuffix(r.Header.Get("Authorization"), want) {
		t.Errorf("signed %q, want %s", r.Header.Get("Authorization"), want)
	}
}
