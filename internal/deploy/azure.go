package deploy

import (
	"cmp"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/privgen/privgen/internal/config"
)

// This file implements the driver for Azure Blob Storage, by the provider's own
// client. Credentials come from AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, or
// the provider's chain: AZURE_CLIENT_ID and its companions, a workload or
// managed identity, az login.

// azure is a Store in a container, below a prefix.
type azure struct {
	client    *container.Client
	container string
	prefix    string // empty, or with a final slash
}

func openAzure(d *config.Deploy, env func(string) string) (*azure, error) {
	a, err := d.Azure()
	if err != nil {
		return nil, fmt.Errorf("the target %s has no address", d.Name)
	}
	at := strings.TrimRight(cmp.Or(d.Endpoint, "https://"+a.Account+".blob.core.windows.net"), "/") + "/" + url.PathEscape(a.Container)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	transport.MaxIdleConnsPerHost = 64
	common := azcore.ClientOptions{Transport: &http.Client{Transport: transport}, Retry: policy.RetryOptions{MaxRetries: -1},
		Telemetry: policy.TelemetryOptions{Disabled: true}}
	opt := &container.ClientOptions{ClientOptions: common}
	s := &azure{container: a.Container, prefix: a.Prefix}
	if s.prefix != "" {
		s.prefix += "/"
	}
	if key := env("AZURE_STORAGE_KEY"); key != "" {
		var cred *container.SharedKeyCredential
		if cred, err = container.NewSharedKeyCredential(a.Account, key); err == nil {
			s.client, err = container.NewClientWithSharedKeyCredential(at, cred, opt)
		}
	} else if sas := env("AZURE_STORAGE_SAS_TOKEN"); sas != "" {
		s.client, err = container.NewClientWithNoCredential(at+"?"+strings.TrimPrefix(sas, "?"), opt)
	} else {
		var cred azcore.TokenCredential
		if cred, err = azidentity.NewDefaultAzureCredential(nil); err == nil {
			s.client, err = container.NewClient(at, azureLogin{cred}, opt)
		}
	}
	if err != nil {
		// The error may repeat a key that is not one.
		return nil, &Refusal{Kind: "target", What: "the credentials for Azure cannot be used",
			Do: "look whether AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN is whole, or take it out of the environment and log in with: az login"}
	}
	return s, nil
}

// azureLogin marks the errors of a login.
type azureLogin struct{ next azcore.TokenCredential }

type azureLoginError struct{ error }

func (l azureLogin) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	t, err := l.next.GetToken(ctx, o)
	if err != nil && ctx.Err() == nil {
		err = azureLoginError{err}
	}
	return t, err
}

func (s *azure) Abilities() Abilities {
	// 5,000 MiB is what one request may store.
	return Abilities{Name: "Azure Blob Storage", Headers: true, Conditional: true, MaxBytes: 5000 << 20, Workers: 16}
}

// azureName gives the name under which metadata is kept: it has to be one of
// the language C#.
func azureName(name string) string { return strings.ReplaceAll(name, "-", "_") }

// azureMeta finds metadata by name. Names come back as headers write them.
func azureMeta(m map[string]*string, name string) string {
	for k, v := range m {
		if strings.EqualFold(k, azureName(name)) {
			return deref(v)
		}
	}
	return ""
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func (s *azure) List(ctx context.Context, each func(Object) error) error {
	pages := s.client.NewListBlobsFlatPager(&container.ListBlobsFlatOptions{Prefix: &s.prefix, Include: container.ListBlobsInclude{Metadata: true}})
	for pages.More() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s.fault(ctx, err)
		}
		if page.Segment == nil {
			continue
		}
		for _, b := range page.Segment.BlobItems {
			path := strings.TrimPrefix(deref(b.Name), s.prefix)
			if path == "" || b.Properties == nil || azureMeta(b.Metadata, "hdi_isfolder") != "" { // a folder that a console made
				continue
			}
			o := Object{Path: path, Size: deref(b.Properties.ContentLength), Tag: azureTag(b.Properties.ETag)}
			if err := each(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// azureTag gives an ETag without the quotation marks that listings leave out.
func azureTag(e *azcore.ETag) string { return strings.Trim(string(deref(e)), `"`) }

func (s *azure) Get(ctx context.Context, path string) (io.ReadCloser, Object, error) {
	r, err := s.client.NewBlobClient(s.prefix+path).DownloadStream(ctx, nil)
	if err != nil {
		return nil, Object{}, s.fault(ctx, err)
	}
	return &cutBody{r.Body, ctx}, Object{Path: path, Size: deref(r.ContentLength), Tag: azureTag(r.ETag), SHA: azureMeta(r.Metadata, metaSHA),
		Type: deref(r.ContentType), Cache: deref(r.CacheControl), Keeps: azureMeta(r.Metadata, metaKeeps), Text: azureMeta(r.Metadata, metaText)}, nil
}

// described gives an object's headers and metadata as the client has them.
func described(o Object, sum []byte) (*blob.HTTPHeaders, map[string]*string) {
	meta := map[string]*string{}
	for name, value := range o.metadata() {
		if value != "" {
			meta[azureName(name)] = &value
		}
	}
	return &blob.HTTPHeaders{BlobContentType: &o.Type, BlobCacheControl: &o.Cache, BlobContentMD5: sum}, meta
}

// Put sends headers and bytes in one request, with the digest that the store
// has to find.
func (s *azure) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	h := md5.New()
	if _, err := io.Copy(h, io.NewSectionReader(body, 0, body.Size())); err != nil {
		return "", err
	}
	sum := h.Sum(nil)
	headers, meta := described(o, sum)
	opt := &blockblob.UploadOptions{HTTPHeaders: headers, Metadata: meta, TransactionalValidation: blob.TransferValidationTypeMD5(sum)}
	if when != (Condition{}) {
		m := &blob.ModifiedAccessConditions{}
		anything, tag := azcore.ETagAny, azcore.ETag(`"`+when.Tag+`"`)
		if when.Absent {
			m.IfNoneMatch = &anything
		} else {
			m.IfMatch = &tag
		}
		opt.AccessConditions = &blob.AccessConditions{ModifiedAccessConditions: m}
	}
	r, err := s.client.NewBlockBlobClient(s.prefix+o.Path).Upload(ctx, keptOpen{io.NewSectionReader(body, 0, body.Size())}, opt)
	if err != nil {
		return "", s.fault(ctx, err)
	}
	return azureTag(r.ETag), nil
}

// keptOpen is a body whose owner closes it.
type keptOpen struct{ *io.SectionReader }

func (keptOpen) Close() error { return nil }

// Copy sends the bytes here and back: a copy by the store has the headers of
// what was copied until they are set, and readers would see a page as a
// download.
func (s *azure) Copy(ctx context.Context, from string, o Object) (string, error) {
	if from != o.Path {
		return copyThrough(ctx, s, from, o)
	}
	b := s.client.NewBlobClient(s.prefix + from)
	old, err := b.GetProperties(ctx, nil)
	if err != nil {
		return "", s.fault(ctx, err)
	}
	headers, meta := described(o, old.ContentMD5)
	if _, err := b.SetMetadata(ctx, meta, nil); err != nil {
		return "", s.fault(ctx, err)
	}
	r, err := b.SetHTTPHeaders(ctx, *headers, nil)
	if err != nil {
		return "", s.fault(ctx, err)
	}
	return azureTag(r.ETag), nil
}

// copyThrough copies on a store that has no copy that could be used.
func copyThrough(ctx context.Context, s Store, from string, o Object) (string, error) {
	r, _, err := s.Get(ctx, from)
	if err != nil {
		return "", err
	}
	defer r.Close()
	local, err := os.CreateTemp("", "privgen-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(local.Name())
	defer local.Close()
	n, err := io.Copy(local, r)
	if err != nil {
		return "", err
	}
	return s.Put(ctx, o, io.NewSectionReader(local, 0, n), Condition{})
}

func (s *azure) Delete(ctx context.Context, path string) error {
	_, err := s.client.NewBlobClient(s.prefix+path).Delete(ctx, nil)
	if err = s.fault(ctx, err); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// fault tells errors apart. Of what the store says only its code is printed:
// the rest may repeat what it was sent.
func (s *azure) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.As(err, new(azureLoginError)) {
		return errors.New("no login of yours is one that Azure takes\n\tlog in with: az login; or set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, or AZURE_CLIENT_ID and its companions;\n\ton a machine of Azure's, or in a CI job with a federated identity, they are found by themselves")
	}
	var r *azcore.ResponseError
	if !errors.As(err, &r) {
		return network(err)
	}
	switch code, word := r.StatusCode, cmp.Or(r.ErrorCode, http.StatusText(r.StatusCode)); {
	case r.ErrorCode == "ContainerNotFound":
		return fmt.Errorf("there is no container %q\n\tmake it with the host's own tools ($web: az storage blob service-properties update --static-website), or correct the target's address", s.container)
	case code == http.StatusNotFound:
		return fs.ErrNotExist
	case code == http.StatusPreconditionFailed, r.ErrorCode == "BlobAlreadyExists":
		return ErrTaken
	case code >= 500 && code != http.StatusNotImplemented, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, r.ErrorCode == "Md5Mismatch":
		t := &Temporary{Err: fmt.Errorf("the store answers %d %s", code, word)}
		if r.RawResponse != nil {
			t.After = retryAfter(r.RawResponse.Header)
		}
		return t
	case code == http.StatusForbidden, code == http.StatusUnauthorized:
		return fmt.Errorf("the store refuses: %s\n\tcredentials come from AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_CLIENT_ID and its companions, az login, or the machine;\n\tthey need the role Storage Blob Data Contributor on the container", word)
	default:
		return fmt.Errorf("the store answers %d %s", code, word)
	}
}
