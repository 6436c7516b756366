package store_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/store"
)

// The signatures are those of the test suite of Signature Version 4:
// "post-vanilla" and "get-vanilla-query-order-key-case".
func TestSignAWS(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, address, want string }{
		{http.MethodPost, "https://example.amazonaws.com/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{http.MethodGet, "https://example.amazonaws.com/?Param1=value1&Param2=value2", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
	} {
		r, err := http.NewRequest(test.method, test.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		store.SignAWSBy(r, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "service", "us-east-1", time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC))
		if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+test.want) {
			t.Errorf("%s %s is signed %q, want %s", test.method, test.address, got, test.want)
		}
	}
}
