package store_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// The text that is signed is written here as the manual of Azure Storage has
// it.
func TestAzureSignature(t *testing.T) {
	key := []byte("verysecretvalue")
	for name, test := range map[string]struct {
		method, address, body string
		headers               map[string]string
		want                  string // with the date as DATE
	}{
		"a list": {method: "GET", address: "https://legal.blob.core.windows.net/$web?restype=container&comp=list&prefix=a%20b%2F&marker=",
			want: "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:DATE\nx-ms-version:2021-02-12\n/legal/$web\ncomp:list\nmarker:\nprefix:a b/\nrestype:container"},
		"a blob": {method: "PUT", address: "https://legal.blob.core.windows.net/$web/a%20b%2Fc.html", body: "four",
			headers: map[string]string{"Content-MD5": "sum==", "If-None-Match": "*", "x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": "text/html", "x-ms-meta-privgen_text": "12"},
			want:    "PUT\n\n\n4\nsum==\n\n\n\n\n*\n\n\nx-ms-blob-content-type:text/html\nx-ms-blob-type:BlockBlob\nx-ms-date:DATE\nx-ms-meta-privgen_text:12\nx-ms-version:2021-02-12\n/legal/$web/a%20b%2Fc.html"},
	} {
		var body io.Reader
		if test.body != "" {
			body = strings.NewReader(test.body)
		}
		req, err := http.NewRequest(test.method, test.address, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("x-ms-version", "2021-02-12")
		for k, v := range test.headers {
			req.Header.Set(k, v)
		}
		if err := store.SignAzure("legal", key, req); err != nil {
			t.Fatal(err)
		}
		if _, err := time.Parse(http.TimeFormat, req.Header.Get("x-ms-date")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(strings.ReplaceAll(test.want, "DATE", req.Header.Get("x-ms-date"))))
		if want := "SharedKey legal:" + base64.StdEncoding.EncodeToString(mac.Sum(nil)); req.Header.Get("Authorization") != want {
			t.Errorf("%s: signed another text", name)
		}
	}
}

// azureServices answers for the login service and for a machine's own.
type azureServices struct {
	*httptest.Server
	asked  atomic.Int64
	status int
	said   string // the answer; %s is what was sent
	sent   string // method, path, query and headers of the last request, and its body
}

func startAzureServices(t *testing.T) *azureServices {
	t.Helper()
	s := &azureServices{status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metadata" && r.Header.Get("Metadata") != "true" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.asked.Add(1)
		b, _ := io.ReadAll(r.Body)
		s.sent = fmt.Sprintf("%s %s identity=%s %s", r.Method, r.URL, r.Header.Get("X-IDENTITY-HEADER"), b)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(s.status)
		fmt.Fprint(w, strings.ReplaceAll(s.said, "%s", fmt.Sprintf("%q", b)))
	}))
	t.Cleanup(s.Close)
	return s
}

// TestAzureLogin tries every way to a token: what is sent, and what becomes of the answer.
func TestAzureLogin(t *testing.T) {
	const secret = "verysecretvalue"
	proof := filepath.Join(t.TempDir(), "proof")
	if err := os.WriteFile(proof, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	services := startAzureServices(t)
	const ok = `{"access_token":"granted","token_type":"Bearer","expires_in":"3600","expires_on":"4102444800"}`
	empty := t.TempDir()
	t.Setenv("PATH", empty) // without az
	principal := map[string]string{"AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "me", "AZURE_CLIENT_SECRET": secret}
	nowhere := "http://" + freeAddress(t) + "/metadata"
	for name, test := range map[string]struct {
		env      map[string]string
		metadata string
		status   int
		said     string
		sent     []string
		want     string // in the error; empty for a token
	}{
		"a service principal": {env: principal, said: ok,
			sent: []string{"POST /tenant/oauth2/v2.0/token", "client_id=me", "client_secret=" + secret, "grant_type=client_credentials", "scope=https%3A%2F%2Fstorage.azure.com%2F.default"}},
		"a workload identity": {env: map[string]string{"AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "me", "AZURE_FEDERATED_TOKEN_FILE": proof}, said: ok,
			sent: []string{"POST /tenant/oauth2/v2.0/token", "client_assertion=" + secret + "&", "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"}},
		"an app's identity": {env: map[string]string{"IDENTITY_ENDPOINT": services.URL + "/app", "IDENTITY_HEADER": secret}, said: ok,
			sent: []string{"GET /app?", "api-version=2019-08-01", "resource=https%3A%2F%2Fstorage.azure.com", "identity=" + secret}},
		"a machine's identity": {env: map[string]string{"AZURE_CLIENT_ID": "me"}, metadata: services.URL + "/metadata", said: ok,
			sent: []string{"GET /metadata?", "api-version=2018-02-01", "client_id=me"}},

		"a secret that expired": {env: principal, status: 401, said: `{"error":"invalid_client","error_description":"AADSTS7000222: expired %s"}`, want: "refuses the credentials: 401 AADSTS7000222"},
		"a busy login":          {env: principal, status: 503, said: `%s`, want: "the login of Azure answers 503"},
		"no token":              {env: principal, said: `{"x":%s}`, want: "not a token"},
		"no proof":              {env: map[string]string{"AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "me", "AZURE_FEDERATED_TOKEN_FILE": proof + ".none"}, want: "AZURE_FEDERATED_TOKEN_FILE names"},
		"a login in the open":   {env: map[string]string{"AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "me", "AZURE_CLIENT_SECRET": secret, "AZURE_AUTHORITY_HOST": "http://login.example"}, want: "AZURE_AUTHORITY_HOST is not"},
		"another identity":      {env: map[string]string{"AZURE_CLIENT_ID": "other"}, metadata: services.URL + "/metadata", status: 400, said: `{}`, want: "give the machine the managed identity"},
		"a machine without one": {metadata: services.URL + "/metadata", status: 400, said: `{}`, want: "az login"},
		"a busy machine":        {metadata: services.URL + "/metadata", status: 429, said: `{}`, want: "identity service answers 429"},
		"nothing":               {want: "az login"},
		"only one way asked":    {env: map[string]string{"AZURE_TOKEN_CREDENTIALS": "dev", "AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "me", "AZURE_CLIENT_SECRET": secret}, said: ok, want: "az login"},
		"no such way":           {env: map[string]string{"AZURE_TOKEN_CREDENTIALS": "password"}, want: "write prod, dev,"},
		"a certificate":         {env: map[string]string{"AZURE_CLIENT_CERTIFICATE_PATH": proof}, want: "az login --service-principal --certificate"},
	} {
		services.asked.Store(0)
		services.status, services.said, services.sent = max(test.status, 200), test.said, ""
		if test.metadata == "" {
			test.metadata = nowhere
		}
		authorize, err := store.AzureLoginBy(func(name string) string { return test.env[name] }, redirected{http.DefaultTransport, services.URL}, test.metadata)
		got := ""
		for n := 0; n < 2 && err == nil; n++ { // the second time the token is known
			req := httptest.NewRequest("GET", "https://legal.blob.core.windows.net/$web", nil)
			err = authorize(req)
			got = req.Header.Get("Authorization")
		}
		if test.want == "" && (err != nil || got != "Bearer granted" || services.asked.Load() != 1) {
			t.Errorf("%s: %q after %d requests, %v", name, got, services.asked.Load(), err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(fmt.Sprintf("%+v", err), secret)) {
			t.Errorf("%s: %v; want %q", name, err, test.want)
		}
		if temporary := errors.As(err, new(*store.Temporary)); temporary != strings.HasPrefix(name, "a busy") {
			t.Errorf("%s: temporary is %v: %v", name, temporary, err)
		}
		for _, part := range test.sent {
			if !strings.Contains(services.sent, part) {
				t.Errorf("%s: sent %q, want %q in it", name, services.sent, part)
			}
		}
	}
}

// What az writes is read, from old and new versions of it.
func TestAzureCommandLine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program that stands in for az is a shell script")
	}
	for name, test := range map[string]struct{ script, want string }{
		"now":           {`test "$*" = "account get-access-token --output json --resource https://storage.azure.com" && echo '{"accessToken":"granted","expiresOn":"2099-12-31 12:00:00.000000","expires_on":4102444800}'`, "Bearer granted"},
		"an old az":     {`echo '{"accessToken":"granted","expiresOn":"2099-12-31 12:00:00.000000"}'`, "Bearer granted"},
		"not logged in": {`echo "Please run 'az login'" >&2; exit 1`, ""},
		"nonsense":      {`echo nonsense`, ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "az"), []byte("#!/bin/sh\n"+test.script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir)
		authorize, err := store.AzureLoginBy(func(name string) string { return map[string]string{"AZURE_TOKEN_CREDENTIALS": "dev"}[name] }, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("GET", "https://legal.blob.core.windows.net/$web", nil)
		err = authorize(req)
		if got := req.Header.Get("Authorization"); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "az login") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Credentials are sent with encryption only, and to no host that is neither
// Azure's nor named by the user: privgen.toml may come from a stranger.
func TestAzureEndpoint(t *testing.T) {
	for _, test := range []struct {
		endpoint, user string
		fine           bool
	}{
		{"", "", true},
		{"https://legal.blob.core.windows.net", "", true},
		{"https://LEGAL.Blob.Core.Windows.Net/", "", true},
		{"https://legal.z01.blob.storage.azure.net", "", true},
		{"https://legal.blob.core.usgovcloudapi.net", "", true},
		{"http://legal.blob.core.windows.net", "", false},
		{"http://127.0.0.1:10000/legal", "", true},
		{"http://[::1]:10000/legal", "", true},
		{"http://localhost:10000/legal", "", true},
		{"http://192.0.2.1", "", false},
		{"http://blobs.example", "http://blobs.example", false},
		{"https://blobs.example", "", false},
		{"https://blobs.example", "https://blobs.example/", true},
		{"https://blobs.example", "https://other.example", false},
		{"https://blobs.example:8443", "https://blobs.example", false},
		{"", "https://blobs.example", true},
		{"https://blob.core.windows.net", "", false},
		{"https://evilblob.core.windows.net.example", "", false},
		{"https://x.blob.core.windows.net.evil.example", "", false},
		{"https://evil.example/.blob.core.windows.net", "", false},
		{"https://evil.example:443#.blob.core.windows.net", "", false},
		{"https://evil.example?.blob.core.windows.net", "", false},
		{"https://legal.blob.core.windows.net@evil.example", "", false},
		{"https://127.0.0.1.evil.example", "", false},
		{"https://localhost.evil.example", "", false},
		{"https://evil.example\\.blob.core.windows.net", "", false},
	} {
		for _, login := range []map[string]string{{}, {"AZURE_STORAGE_KEY": "dmVyeXNlY3JldHZhbHVl"}, {"AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=verysecretvalue"}} {
			login["AZURE_STORAGE_SERVICE_ENDPOINT"] = test.user
			_, err := store.Open(context.Background(), &config.Deploy{Name: "azure", To: "azblob://legal/$web", Endpoint: test.endpoint}, "", variables(login))
			if (err == nil) != test.fine {
				t.Errorf("%q with %v: %v", test.endpoint, login, err)
			}
		}
	}
	secret := func(string) string { return "verysecretvalue" }
	_, err := store.Open(context.Background(), &config.Deploy{Name: "azure", To: "azblob://legal/$web", Endpoint: "https://blobs.example/?sig=verysecretvalue"}, "", secret)
	if err == nil || strings.Contains(err.Error(), "verysecretvalue") {
		t.Errorf("an endpoint with a signature: %v", err)
	}
}

// Lists come in pages, begin with a byte order mark, and have names that XML
// cannot hold.
func TestAzureList(t *testing.T) {
	var queries []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		next, blobs := "", `<Blob><Name Encoded="true">site%2Fodd%EF%BF%BE.txt</Name><Properties><Etag>0x2</Etag><Content-Length>7</Content-Length></Properties></Blob>`
		if r.URL.Query().Get("marker") == "" {
			next, blobs = "m&amp;1", `<Blob><Name>site/index.html</Name><Properties><Etag>0x1</Etag><Content-Length>5</Content-Length></Properties><Metadata><privgen_text>1</privgen_text></Metadata></Blob>
<Blob><Name>site/folder</Name><Properties/><Metadata><Hdi_isfolder>true</Hdi_isfolder></Metadata></Blob>`
		}
		fmt.Fprintf(w, "\ufeff"+`<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>%s</Blobs><NextMarker>%s</NextMarker></EnumerationResults>`, blobs, next)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AZURE_STORAGE_KEY", "")
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=a%2Bb\n")
	got := ""
	err := openTarget(t, "azblob://legal/$web/site", server.URL).List(context.Background(), func(o store.Object) error {
		got += fmt.Sprintf("%q %d %s; ", o.Path, o.Size, o.Tag)
		return nil
	})
	if want := `"index.html" 5 0x1; "odd\ufffe.txt" 7 0x2; `; err != nil || got != want {
		t.Errorf("the list is %s, %v; want %s", got, err, want)
	}
	want := []string{"comp=list&include=metadata&prefix=site%2F&restype=container&sv=1&sig=a%2Bb", "comp=list&include=metadata&marker=m%261&prefix=site%2F&restype=container&sv=1&sig=a%2Bb"}
	if fmt.Sprint(queries) != fmt.Sprint(want) {
		t.Errorf("requests are %q, want %q", queries, want)
	}
}
