package store_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// This file holds the driver for Azure to Azurite, the provider's emulator and
// a program of its own. Without azurite-blob in the PATH, or a file of it named
// by AZURITE, these tests are skipped.

// azureKey is the key of the emulator's account; it must never be seen.
var azureKey = base64.StdEncoding.EncodeToString([]byte("verysecretvalue"))

// startAzure returns the URL of an account legal with the container $web.
func startAzure(t *testing.T) (address string) {
	t.Helper()
	program := serverProgram(t, "AZURITE", "azurite-blob", "npm install --ignore-scripts azurite@3.37.0")
	host := freeAddress(t)
	_, port, _ := net.SplitHostPort(host)
	cmd := exec.Command(program, "--blobHost", "127.0.0.1", "--blobPort", port, "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "AZURITE_ACCOUNTS=legal:"+azureKey)
	startServer(t, cmd)
	address = "http://" + host + "/legal"
	until := time.Now().Add(40 * time.Second)
	for {
		conn, err := net.Dial("tcp", host)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(until) {
			t.Fatalf("azurite does not answer: %v", err)
		}
		<-time.After(20 * time.Millisecond) // a program of its own has to come up
	}
	askAzure(t, http.MethodPut, address+"/$web?restype=container")
	return address
}

// askAzure sends a request with the account's key, and returns the answer's headers.
func askAzure(t *testing.T, method, address string) http.Header {
	t.Helper()
	req, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("x-ms-version", "2021-02-12")
	signAzure(req)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s", method, address, resp.Status)
	}
	return resp.Header
}

// signAzure signs a request without a body for the account legal ("Authorize with
// Shared Key" in the manual of Azure Storage).
func signAzure(r *http.Request) {
	r.Header.Set("x-ms-date", time.Now().UTC().Format(http.TimeFormat))
	text := r.Method + strings.Repeat("\n", 12) + "x-ms-date:" + r.Header.Get("x-ms-date") + "\nx-ms-version:" + r.Header.Get("x-ms-version") +
		"\n/legal" + r.URL.EscapedPath()
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		text += "\n" + name + ":" + query.Get(name)
	}
	mac := hmac.New(sha256.New, []byte("verysecretvalue"))
	mac.Write([]byte(text))
	r.Header.Set("Authorization", "SharedKey legal:"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

func openAzure(t *testing.T, to, endpoint string) store.Store {
	t.Helper()
	return openIn(t, os.Getenv, to, endpoint)
}

// openIn opens a store in an environment that is not the process's, as tests
// have to that run beside others.
func openIn(t *testing.T, env func(string) string, to, endpoint string) store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), &config.Deploy{Name: "target", To: to, Endpoint: endpoint}, "", env)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAzure(t *testing.T) {
	address := startAzure(t)
	t.Setenv("AZURE_STORAGE_KEY", azureKey)
	s := openAzure(t, "azblob://legal/$web/site", address)
	t.Run("store", func(t *testing.T) { storeKeepsWord(t, s) })
	run{}.must(t, s, first())

	// What the driver says, the server has.
	page := address + "/$web/site/privacy/2024-01-01/index.html"
	h := askAzure(t, http.MethodHead, page)
	if h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Cache-Control") != "public, max-age=86400" || h.Get("Content-MD5") == "" ||
		h.Get("x-ms-meta-privgen_keeps") != "privacy/2024-01-01" || len(h.Get("x-ms-meta-privgen_sha256")) != 64 || len(h.Get("x-ms-meta-privgen_text")) != 64 {
		t.Errorf("the page has %v", h)
	}
	if p := (run{}).must(t, s, first()); !p.Empty() || p.Drawn != 0 {
		t.Errorf("after a push the plan is %v", did(p))
	}

	// Headers that somebody changed are seen without reading every object.
	askAzure(t, http.MethodPut, page+"?comp=metadata")
	if p := (run{}).must(t, s, first()); len(p.Steps) != 1 || p.Steps[0].Action != "headers" {
		t.Errorf("the plan is %v", did(p))
	}
	run{}.must(t, s, second())
	run{back: -1}.must(t, s, nil)
	run{}.must(t, s, second())
	if p := (run{strict: true}).must(t, s, second()); !p.Empty() {
		t.Errorf("every object read, the plan is %v", did(p))
	}

	if _, err := (run{}).push(t, openAzure(t, "azblob://legal/none", address), first()); err == nil || !strings.Contains(err.Error(), `there is no container "none"`) {
		t.Errorf("no container: %v", err)
	}
	t.Setenv("AZURE_STORAGE_KEY", base64.StdEncoding.EncodeToString([]byte("another")))
	_, err := run{}.push(t, openAzure(t, "azblob://legal/$web", address), first())
	if err == nil || !strings.Contains(err.Error(), "the store refuses") || strings.Contains(fmt.Sprintf("%+v", err), azureKey) {
		t.Errorf("another key: %v", err)
	}
}

func TestAzureFaults(t *testing.T) {
	t.Parallel()
	address := startAzure(t)
	f := startFaulty(t, strings.TrimSuffix(address, "/legal"))
	f.survives(t, openIn(t, variables(map[string]string{"AZURE_STORAGE_KEY": azureKey}), "azblob://legal/$web/site", f.URL+"/legal"))
}

// What is wrong with credentials is said without them, also when the store
// says back what it was sent.
func TestAzureRefuses(t *testing.T) {
	const secret = "verysecretvalue"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<Error><Code>AuthenticationFailed</Code><Message>%s %s</Message></Error>", r.URL, r.Header)
	}))
	t.Cleanup(server.Close)
	for _, name := range []string{"AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig="+secret)
	put := func(s store.Store) error {
		_, err := s.Put(context.Background(), store.Object{Path: "x"}, io.NewSectionReader(strings.NewReader("x"), 0, 1), store.Condition{})
		return err
	}
	if err := put(openAzure(t, "azblob://legal/$web", server.URL)); err == nil || !strings.Contains(err.Error(), "the store refuses") || strings.Contains(fmt.Sprintf("%+v", err), secret) {
		t.Errorf("a signature that does not hold: %v", err)
	}
	for name, value := range map[string]string{"AZURE_STORAGE_KEY": secret + "%", "AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=" + secret + "%zz"} {
		t.Setenv("AZURE_STORAGE_SAS_TOKEN", "")
		t.Setenv(name, value)
		_, err := store.Open(context.Background(), &config.Deploy{Name: "azure", To: "azblob://legal/$web"}, "", os.Getenv)
		var refusal *source.Problem
		if !errors.As(err, &refusal) || strings.Contains(err.Error(), secret) {
			t.Errorf("a broken %s: %v", name, err)
		}
		t.Setenv(name, "")
	}
}
