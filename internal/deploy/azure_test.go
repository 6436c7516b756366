package deploy_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
)

// This file holds the driver for Azure to Azurite, the provider's emulator and
// a program of its own. Without azurite-blob in the PATH, or a file of it named
// by AZURITE, these tests are skipped.

// azureKey is the key of the emulator's account; it must never be seen.
var azureKey = base64.StdEncoding.EncodeToString([]byte("verysecretvalue"))

// startAzure gives the address of an account legal with the container $web.
func startAzure(t *testing.T) (address string, c *container.Client) {
	t.Helper()
	program := serverProgram(t, "AZURITE", "azurite-blob", "npm install --ignore-scripts azurite@3.37.0")
	host := freeAddress(t)
	_, port, _ := net.SplitHostPort(host)
	cmd := exec.Command(program, "--blobHost", "127.0.0.1", "--blobPort", port, "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "AZURITE_ACCOUNTS=legal:"+azureKey)
	startServer(t, cmd)
	address = "http://" + host + "/legal"
	cred, err := container.NewSharedKeyCredential("legal", azureKey)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = container.NewClientWithSharedKeyCredential(address+"/$web", cred, nil); err != nil {
		t.Fatal(err)
	}
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
	if _, err := c.Create(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return address, c
}

func openAzure(t *testing.T, to, endpoint string) deploy.Store {
	t.Helper()
	s, err := deploy.Open(context.Background(), &config.Deploy{Name: "azure", To: to, Endpoint: endpoint}, "", os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAzure(t *testing.T) {
	address, c := startAzure(t)
	t.Setenv("AZURE_STORAGE_KEY", azureKey)
	s := openAzure(t, "azblob://legal/$web/site", address)
	t.Run("store", func(t *testing.T) { storeKeepsWord(t, s) })
	run{}.must(t, s, first())

	// What the driver says, the server has.
	b := c.NewBlobClient("site/privacy/2024-01-01/index.html")
	p, err := b.GetProperties(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if *p.ContentType != "text/html; charset=utf-8" || *p.CacheControl != "public, max-age=86400" || len(p.ContentMD5) != 16 || len(p.Metadata) != 3 {
		t.Errorf("the page has %s %s %v %v", *p.ContentType, *p.CacheControl, p.ContentMD5, p.Metadata)
	}
	if p := (run{}).must(t, s, first()); !p.Empty() || p.Drawn != 0 {
		t.Errorf("after a push the plan is %v", did(p))
	}

	// Headers that somebody changed are seen without reading every object.
	if _, err := b.SetMetadata(context.Background(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if p := (run{}).must(t, s, first()); len(p.Steps) != 1 || p.Steps[0].Action != deploy.Headers {
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
	_, err = run{}.push(t, openAzure(t, "azblob://legal/$web", address), first())
	if err == nil || !strings.Contains(err.Error(), "the store refuses") || strings.Contains(fmt.Sprintf("%+v", err), azureKey) {
		t.Errorf("another key: %v", err)
	}
}

func TestAzureFaults(t *testing.T) {
	address, _ := startAzure(t)
	f := startFaulty(t, strings.TrimSuffix(address, "/legal"))
	t.Setenv("AZURE_STORAGE_KEY", azureKey)
	f.survives(t, openAzure(t, "azblob://legal/$web/site", f.URL+"/legal"))
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
	put := func(s deploy.Store) error {
		_, err := s.Put(context.Background(), deploy.Object{Path: "x"}, io.NewSectionReader(strings.NewReader("x"), 0, 1), deploy.Condition{})
		return err
	}
	if err := put(openAzure(t, "azblob://legal/$web", server.URL)); err == nil || !strings.Contains(err.Error(), "the store refuses") || strings.Contains(fmt.Sprintf("%+v", err), secret) {
		t.Errorf("a signature that does not hold: %v", err)
	}
	t.Setenv("AZURE_STORAGE_KEY", secret+"%")
	_, err := deploy.Open(context.Background(), &config.Deploy{Name: "azure", To: "azblob://legal/$web"}, "", os.Getenv)
	var refusal *deploy.Refusal
	if !errors.As(err, &refusal) || strings.Contains(err.Error(), secret) {
		t.Errorf("a key that is none: %v", err)
	}
	// Nobody is logged in here.
	t.Setenv("AZURE_STORAGE_KEY", "")
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "")
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
	t.Setenv("AZURE_TENANT_ID", "")
	s, err := deploy.Open(context.Background(), &config.Deploy{Name: "azure", To: "azblob://legal/$web"}, "", os.Getenv)
	if err == nil {
		err = put(s)
	}
	if err == nil || !strings.Contains(err.Error(), "az login") {
		t.Errorf("without credentials: %v", err)
	}
}
