package store_test

import (
	"cmp"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// This file holds the drivers for buckets to hosts in memory, which speak as much of
// each interface as a driver asks for. The real servers of the other files are not on
// every machine.

func TestBucketsInMemory(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	for _, test := range []struct {
		name, to string
		handler  func(*fakeBucket, http.ResponseWriter, *http.Request)
		env      func(address string) map[string]string
	}{
		{"S3", "s3://legal/site", (*fakeBucket).s3, nil},
		{"Google", "gs://legal/site", (*fakeBucket).google, func(address string) map[string]string {
			return map[string]string{"STORAGE_EMULATOR_HOST": address}
		}},
		{"Azure", "azblob://legal/$web/site", (*fakeBucket).azure, func(string) map[string]string {
			return map[string]string{"AZURE_STORAGE_KEY": azureKey}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := &fakeBucket{objects: map[string]fakeObject{"elsewhere/index.html": {}}}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b.mu.Lock()
				defer b.mu.Unlock()
				test.handler(b, w, r)
			}))
			defer server.Close()
			var env map[string]string
			if test.env != nil {
				env = test.env(server.URL)
			}
			s := openIn(t, variables(env), test.to, server.URL)
			storeKeepsWord(t, s)
			run{}.must(t, s, first())
			run{}.must(t, s, second())
			if p := (run{strict: true}).must(t, s, second()); !p.Empty() {
				t.Errorf("after a push the plan is %v", did(p))
			}
			if _, ok := b.objects["elsewhere/index.html"]; !ok {
				t.Error("an object outside the prefix is gone")
			}
		})
	}
}

// A fakeBucket has objects by name.
type fakeBucket struct {
	mu      sync.Mutex
	objects map[string]fakeObject
	changes int
}

type fakeObject struct {
	body             []byte
	generation, meta int // numbers of the changes of the body, and of the headers
	kind, cache      string
	fields           map[string]string // metadata
}

func (o fakeObject) md5() []byte {
	sum := md5.Sum(o.body)
	return sum[:]
}

// put stores an object. With the body of the object that is there, only the headers are new.
func (b *fakeBucket) put(name string, o fakeObject) fakeObject {
	b.changes++
	o.meta = b.changes
	if o.generation == 0 {
		o.generation = b.changes
	}
	b.objects[name] = o
	return o
}

// page returns the first name with a prefix after another name, and whether there are more.
func (b *fakeBucket) page(prefix, after string) (names []string, more bool) {
	all := slices.DeleteFunc(slices.Sorted(maps.Keys(b.objects)), func(name string) bool {
		return !strings.HasPrefix(name, prefix) || name <= after
	})
	return all[:min(1, len(all))], len(all) > 1
}

// refused answers for a condition that does not hold.
func refused(w http.ResponseWriter, r *http.Request, there bool, tag string) bool {
	match, absent := r.Header.Get("If-Match"), r.Header.Get("If-None-Match") == "*"
	if absent && there || match != "" && (!there || match != tag) {
		w.WriteHeader(http.StatusPreconditionFailed)
		return true
	}
	return false
}

// s3 answers as S3 does, with the bucket in the path.
func (b *fakeBucket) s3(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/legal/")
	o, there := b.objects[name]
	tag := fmt.Sprintf(`"%x"`, o.md5())
	missing := func() {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
	}
	stored := fakeObject{kind: r.Header.Get("Content-Type"), cache: r.Header.Get("Cache-Control"), fields: map[string]string{}}
	for key := range r.Header {
		if field, ok := strings.CutPrefix(key, "X-Amz-Meta-"); ok {
			stored.fields[field] = r.Header.Get(key)
		}
	}
	switch from := r.Header.Get("X-Amz-Copy-Source"); {
	case name == "":
		names, more := b.page(r.FormValue("prefix"), r.FormValue("continuation-token"))
		fmt.Fprint(w, "<ListBucketResult><EncodingType>url</EncodingType>")
		for _, name := range names {
			fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>%d</Size><ETag>&quot;%x&quot;</ETag></Contents>", url.QueryEscape(name),
				len(b.objects[name].body), b.objects[name].md5())
			if more {
				fmt.Fprint(w, "<NextContinuationToken>")
				xml.EscapeText(w, []byte(name))
				fmt.Fprint(w, "</NextContinuationToken>")
			}
		}
		fmt.Fprint(w, "</ListBucketResult>")
	case r.Method == http.MethodPut && from != "":
		from, _ = url.PathUnescape(strings.TrimPrefix(from, "/legal/"))
		source, ok := b.objects[from]
		if !ok {
			missing()
			return
		}
		stored.body = source.body
		fmt.Fprintf(w, "<CopyObjectResult><ETag>&quot;%x&quot;</ETag></CopyObjectResult>", b.put(name, stored).md5())
	case r.Method == http.MethodPut && refused(w, r, there, tag):
	case r.Method == http.MethodPut:
		stored.body, _ = io.ReadAll(r.Body)
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, b.put(name, stored).md5()))
	case !there:
		missing()
	case r.Method == http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	default:
		for field, value := range o.fields {
			w.Header().Set("X-Amz-Meta-"+field, value)
		}
		w.Header().Set("Content-Type", o.kind)
		w.Header().Set("Cache-Control", o.cache)
		w.Header().Set("ETag", tag)
		w.Write(o.body)
	}
}

// google answers as Google Cloud Storage does.
func (b *fakeBucket) google(w http.ResponseWriter, r *http.Request) {
	type resource struct {
		Name           string            `json:"name"`
		Size           string            `json:"size"`
		Generation     string            `json:"generation"`
		Metageneration string            `json:"metageneration"`
		ContentType    string            `json:"contentType"`
		CacheControl   string            `json:"cacheControl"`
		MD5            string            `json:"md5Hash"`
		Metadata       map[string]string `json:"metadata"`
	}
	described := func(name string) resource {
		o := b.objects[name]
		return resource{name, strconv.Itoa(len(o.body)), strconv.Itoa(o.generation), strconv.Itoa(o.meta), o.kind, o.cache,
			base64.StdEncoding.EncodeToString(o.md5()), o.fields}
	}
	answer := func(v any) { json.NewEncoder(w).Encode(v) }
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/b/legal/o")
	from, to, copies := strings.Cut(rest, "/rewriteTo/b/legal/o/")
	name, _ := url.PathUnescape(strings.TrimPrefix(from, "/"))
	o, there := b.objects[name]
	query := r.URL.Query()
	var sent resource
	switch {
	case strings.HasPrefix(r.URL.Path, "/upload/"):
		_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		parts := multipart.NewReader(r.Body, params["boundary"])
		head, _ := parts.NextPart()
		json.NewDecoder(head).Decode(&sent)
		part, _ := parts.NextPart()
		body, _ := io.ReadAll(part)
		was, there := b.objects[sent.Name]
		if want := query.Get("ifGenerationMatch"); want != "" && (want != strconv.Itoa(was.generation) ||
			there && query.Get("ifMetagenerationMatch") != strconv.Itoa(was.meta)) {
			w.WriteHeader(http.StatusPreconditionFailed)
			return
		}
		b.put(sent.Name, fakeObject{body: body, kind: sent.ContentType, cache: sent.CacheControl, fields: sent.Metadata})
		answer(described(sent.Name))
	case name == "":
		names, more := b.page(query.Get("prefix"), query.Get("pageToken"))
		list := map[string]any{}
		for _, name := range names {
			list["items"] = []resource{described(name)}
			if more {
				list["nextPageToken"] = name
			}
		}
		answer(list)
	case !there:
		w.WriteHeader(http.StatusNotFound)
	case copies && query.Get("rewriteToken") == "":
		answer(map[string]any{"done": false, "rewriteToken": "half of it"})
	case copies:
		to, _ = url.PathUnescape(to)
		json.NewDecoder(r.Body).Decode(&sent)
		b.put(to, fakeObject{body: o.body, kind: sent.ContentType, cache: sent.CacheControl, fields: sent.Metadata})
		answer(map[string]any{"done": true, "resource": described(to)})
	case r.Method == http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case query.Get("alt") == "media" && query.Get("generation") == strconv.Itoa(o.generation):
		w.Write(o.body)
	default:
		answer(described(name))
	}
}

// azure answers as Azure Blob Storage does.
func (b *fakeBucket) azure(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/$web"), "/")
	o, there := b.objects[name]
	tag := func(o fakeObject) string { return fmt.Sprintf(`"0x%d"`, o.meta) }
	fields := map[string]string{}
	for key := range r.Header {
		if field, ok := strings.CutPrefix(strings.ToLower(key), "x-ms-meta-"); ok {
			fields[field] = r.Header.Get(key)
		}
	}
	kind, cache := r.Header.Get("x-ms-blob-content-type"), r.Header.Get("x-ms-blob-cache-control")
	part := r.URL.Query().Get("comp")
	switch {
	case part == "list":
		names, more := b.page(r.FormValue("prefix"), r.FormValue("marker"))
		fmt.Fprint(w, "\ufeff<EnumerationResults><Blobs>")
		for _, name := range names {
			fmt.Fprintf(w, `<Blob><Name Encoded="true">%s</Name><Properties><Content-Length>%d</Content-Length><Etag>%s</Etag></Properties></Blob>`,
				url.PathEscape(name), len(b.objects[name].body), tag(b.objects[name]))
		}
		fmt.Fprint(w, "</Blobs>")
		if more {
			fmt.Fprint(w, "<NextMarker>")
			xml.EscapeText(w, []byte(names[0]))
			fmt.Fprint(w, "</NextMarker>")
		}
		fmt.Fprint(w, "</EnumerationResults>")
	case r.Method == http.MethodPut && part == "" && refused(w, r, there, tag(o)):
	case r.Method == http.MethodPut && part == "":
		body, _ := io.ReadAll(r.Body)
		o = b.put(name, fakeObject{body: body, kind: kind, cache: cache, fields: fields})
		w.Header().Set("ETag", tag(o))
		w.Header().Set("Content-MD5", base64.StdEncoding.EncodeToString(o.md5()))
		w.WriteHeader(http.StatusCreated)
	case !there:
		w.Header().Set("x-ms-error-code", "BlobNotFound")
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusAccepted)
	case part == "metadata":
		o.fields = fields
		w.Header().Set("ETag", tag(b.put(name, o)))
	case part == "properties":
		o.kind, o.cache = kind, cache
		w.Header().Set("ETag", tag(b.put(name, o)))
	default:
		for field, value := range o.fields {
			w.Header().Set("x-ms-meta-"+field, value)
		}
		w.Header().Set("Content-Type", cmp.Or(o.kind, "application/octet-stream"))
		w.Header().Set("Cache-Control", o.cache)
		w.Header().Set("Content-MD5", base64.StdEncoding.EncodeToString(o.md5()))
		w.Header().Set("ETag", tag(o))
		w.Write(o.body)
	}
}
