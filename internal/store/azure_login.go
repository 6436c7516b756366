package store

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file implements how requests to Azure are authorized: with the key of
// the account, a shared access signature, or a token. Tokens come from the
// first of these that is there, in the order of Azure's own programs:
//
//	a service principal   AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET
//	a workload identity   AZURE_FEDERATED_TOKEN_FILE instead of the secret
//	a managed identity    IDENTITY_ENDPOINT and IDENTITY_HEADER, or the
//	                      metadata service of a virtual machine
//	the command line      az account get-access-token

// An azureAuth authorizes requests. It may be used by several goroutines, and
// is the last that changes a request.
type azureAuth interface {
	authorize(ctx context.Context, req *http.Request) error
}

// azureEndpointEnv is the variable in which Azure's own programs look for the
// endpoint of an account.
const azureEndpointEnv = "AZURE_STORAGE_SERVICE_ENDPOINT"

// azureHosts are the domains of Azure Blob Storage.
var azureHosts = []string{".blob.core.windows.net", ".blob.storage.azure.net", ".blob.core.usgovcloudapi.net",
	".blob.core.chinacloudapi.cn"}

// checkAzureEndpoint reports whether credentials may be sent to a container.
// Who has a token, a signature, or a signed request can use it elsewhere, and
// privgen.toml may come from a stranger. So they go to Azure's hosts and to this
// machine, and to another host if the user's environment names it.
func checkAzureEndpoint(base *url.URL, named string) error {
	host := strings.ToLower(base.Hostname())
	local := host == "localhost" || net.ParseIP(host).IsLoopback()
	if base.Scheme != "https" && !local {
		return source.Refuse("endpoint", "a login of Azure is not sent without encryption",
			"write the target's endpoint with https://")
	}
	user, err := url.Parse(named)
	byUser := err == nil && strings.EqualFold(user.Scheme, base.Scheme) && strings.EqualFold(user.Host, base.Host)
	ours := slices.ContainsFunc(azureHosts, func(domain string) bool { return strings.HasSuffix(host, domain) })
	if local || byUser || ours {
		return nil
	}
	return source.Refuse("endpoint", fmt.Sprintf("the endpoint %q is not a host of Azure, and your login would "+
		"be sent to it", base.Host),
		fmt.Sprintf("if you trust this host, run privgen with: %s=%s://%s", azureEndpointEnv, base.Scheme,
			base.Host))
}

// openAzureAuth chooses how requests to an account are authorized.
func openAzureAuth(account string, env func(string) string) (azureAuth, error) {
	// The errors do not repeat what is wrong: it may be most of a key.
	const do = "check whether AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN is whole, or remove it from the " +
		"environment and log in with: az login"
	broken := source.Refuse("target", "the credentials for Azure cannot be used",
		do)
	if text := env("AZURE_STORAGE_KEY"); text != "" {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil || len(key) == 0 {
			return nil, broken
		}
		return &azureKey{account, key}, nil
	}
	if text := strings.TrimPrefix(strings.TrimSpace(env("AZURE_STORAGE_SAS_TOKEN")), "?"); text != "" {
		values, err := url.ParseQuery(text)
		if err != nil || values.Get("sig") == "" ||
			strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '#' }) {
			return nil, broken
		}
		return azureSAS(text), nil
	}
	return newAzureLogin(env)
}

// azureSAS is a shared access signature: a query.
type azureSAS string

func (s azureSAS) authorize(_ context.Context, req *http.Request) error {
	if req.URL.RawQuery != "" {
		req.URL.RawQuery += "&"
	}
	req.URL.RawQuery += string(s)
	return nil
}

// azureKey signs requests with the key of an account ("Authorize with Shared
// Key" in the manual of Azure Storage).
type azureKey struct {
	account string
	key     []byte
}

func (k *azureKey) authorize(_ context.Context, req *http.Request) error {
	req.Header.Set("x-ms-date", time.Now().UTC().Format(http.TimeFormat))
	length := ""
	if req.ContentLength > 0 {
		length = strconv.FormatInt(req.ContentLength, 10)
	}
	h := req.Header
	signed := []string{req.Method, h.Get("Content-Encoding"), h.Get("Content-Language"), length,
		h.Get("Content-MD5"), h.Get("Content-Type"),
		"", // the date is in x-ms-date
		h.Get("If-Modified-Since"), h.Get("If-Match"), h.Get("If-None-Match"), h.Get("If-Unmodified-Since"),
		h.Get("Range")}
	var own []string
	for name := range h {
		if name := strings.ToLower(name); strings.HasPrefix(name, "x-ms-") {
			own = append(own, name+":"+h.Get(name))
		}
	}
	// The service ignores hyphens when it sorts. In our names that makes no
	// difference.
	slices.Sort(own)
	signed = append(signed, own...)
	signed = append(signed, "/"+k.account+req.URL.EscapedPath())
	var asked []string
	for name, values := range req.URL.Query() { // each has one value
		asked = append(asked, strings.ToLower(name)+":"+strings.Join(values, ","))
	}
	slices.Sort(asked)
	signed = append(signed, asked...)
	mac := hmac.New(sha256.New, k.key)
	mac.Write([]byte(strings.Join(signed, "\n")))
	h.Set("Authorization", "SharedKey "+k.account+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}

// azureLogin authorizes requests with a token, and fetches a new one when it
// expires.
type azureLogin struct {
	env      func(string) string
	away     *http.Client // to the login service
	near     *http.Client // to services of the machine, past any proxy
	metadata string       // the metadata service of a virtual machine
	ways     []azureWay

	mu   sync.Mutex
	last *oauth2.Token
}

// An azureWay is one way to a token. It returns errNoAzureLogin where it is not
// there.
type azureWay struct {
	name  string // as AZURE_TOKEN_CREDENTIALS has it
	group string // prod or dev, likewise
	token func(ctx context.Context) (*oauth2.Token, error)
}

const azureResource = "https://storage.azure.com"

var errNoAzureLogin = source.Fix(errors.New("there are no credentials for Azure"),
	"log in with: az login; or set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, or "+
		"AZURE_CLIENT_ID with AZURE_TENANT_ID and AZURE_CLIENT_SECRET;\non a machine of "+
		"Azure's, or in a CI job with a federated identity, they are found by themselves")

func newAzureLogin(env func(string) string) (*azureLogin, error) {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	direct := http.DefaultTransport.(*http.Transport).Clone()
	direct.Proxy = nil
	l := &azureLogin{env: env, away: &http.Client{Timeout: 30 * time.Second, CheckRedirect: stay},
		near:     &http.Client{Timeout: 30 * time.Second, CheckRedirect: stay, Transport: direct},
		metadata: "http://169.254.169.254/metadata/identity/oauth2/token"}
	ways := []azureWay{{"EnvironmentCredential", "prod", l.principal},
		{"WorkloadIdentityCredential", "prod", l.workload},
		{"ManagedIdentityCredential", "prod", l.managed}, {"AzureCLICredential", "dev", l.commandLine}}
	wanted := env("AZURE_TOKEN_CREDENTIALS")
	for _, w := range ways {
		if wanted == "" || wanted == w.group || strings.EqualFold(wanted, w.name) {
			l.ways = append(l.ways, w)
		}
	}
	if len(l.ways) == 0 {
		return nil, source.Refuse("target", fmt.Sprintf("AZURE_TOKEN_CREDENTIALS is %q, which is no way to "+
			"log in that privgen knows", wanted),
			"write prod, dev, EnvironmentCredential, WorkloadIdentityCredential, ManagedIdentityCredential or "+
				"AzureCLICredential, or remove it from the environment")
	}
	if env("AZURE_CLIENT_CERTIFICATE_PATH") != "" && env("AZURE_CLIENT_SECRET") == "" && wanted != "dev" {
		return nil, source.Refuse("target", "AZURE_CLIENT_CERTIFICATE_PATH is set, and privgen does not log "+
			"in with certificates",
			"log in with: az login --service-principal --certificate FILE; and remove it from the environment")
	}
	return l, nil
}

func (l *azureLogin) authorize(ctx context.Context, req *http.Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.last.Valid() {
		t, err := l.token(ctx)
		if err != nil {
			return err
		}
		l.last = t
	}
	req.Header.Set("Authorization", "Bearer "+l.last.AccessToken)
	return nil
}

func (l *azureLogin) token(ctx context.Context) (*oauth2.Token, error) {
	for _, w := range l.ways {
		if t, err := w.token(ctx); !errors.Is(err, errNoAzureLogin) {
			return t, err
		}
	}
	return nil, errNoAzureLogin
}

func (l *azureLogin) principal(ctx context.Context) (*oauth2.Token, error) {
	secret := l.env("AZURE_CLIENT_SECRET")
	if secret == "" {
		return nil, errNoAzureLogin
	}
	return l.exchange(ctx, secret, nil)
}

// workload proves an identity by a file that is replaced from time to time.
func (l *azureLogin) workload(ctx context.Context) (*oauth2.Token, error) {
	file := l.env("AZURE_FEDERATED_TOKEN_FILE")
	if file == "" {
		return nil, errNoAzureLogin
	}
	proof, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the file that AZURE_FEDERATED_TOKEN_FILE names cannot be read: %w", err)
	}
	return l.exchange(ctx, "", url.Values{
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, // RFC 7523
		"client_assertion":      {strings.TrimSpace(string(proof))},
	})
}

// exchange requests a token from the login service.
func (l *azureLogin) exchange(ctx context.Context, secret string, params url.Values) (*oauth2.Token, error) {
	tenant, client := l.env("AZURE_TENANT_ID"), l.env("AZURE_CLIENT_ID")
	if tenant == "" || client == "" {
		return nil, errNoAzureLogin
	}
	host := strings.TrimRight(cmp.Or(l.env("AZURE_AUTHORITY_HOST"), "https://login.microsoftonline.com"), "/")
	if !strings.HasPrefix(host, "https://") {
		return nil, source.Fix(errors.New("AZURE_AUTHORITY_HOST is not the URL of a login service"),
			"write it as https://HOST, or remove it from the environment")
	}
	c := clientcredentials.Config{ClientID: client, ClientSecret: secret, AuthStyle: oauth2.AuthStyleInParams,
		EndpointParams: params,
		TokenURL:       host + "/" + url.PathEscape(tenant) + "/oauth2/v2.0/token",
		Scopes:         []string{azureResource + "/.default"}}
	t, err := c.Token(context.WithValue(ctx, oauth2.HTTPClient, l.away))
	if err != nil {
		return nil, azureLoginFault(err)
	}
	return t, nil
}

// managed requests a token from the service that a machine of Azure's has for
// it.
func (l *azureLogin) managed(ctx context.Context) (*oauth2.Token, error) {
	query := url.Values{"resource": {azureResource}, "api-version": {"2018-02-01"}}
	if id := l.env("AZURE_CLIENT_ID"); id != "" {
		query.Set("client_id", id)
	}
	at, name, value := l.metadata, "Metadata", "true"
	if endpoint, secret := l.env("IDENTITY_ENDPOINT"), l.env("IDENTITY_HEADER"); endpoint != "" && secret != "" {
		at, name, value = endpoint, "X-IDENTITY-HEADER", secret
		query.Set("api-version", "2019-08-01")
	} else if !l.answers(ctx) {
		return nil, errNoAzureLogin
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at+"?"+query.Encode(), nil)
	if err != nil {
		return nil, errors.New("IDENTITY_ENDPOINT is not a URL")
	}
	req.Header.Set(name, value)
	resp, err := l.near.Do(req)
	if err != nil {
		return nil, NetworkError(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, NetworkError(err)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusOK:
		return azureToken(said)
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusNotFound, code == http.StatusGone:
		return nil, &Temporary{Err: fmt.Errorf("the machine's identity service answers %d", code),
			After: RetryAfter(resp.Header)}
	case at == l.metadata && query.Get("client_id") == "":
		return nil, errNoAzureLogin // a machine without an identity, or no machine of Azure's
	default:
		return nil, source.Fix(fmt.Errorf("the machine's identity service refuses: %d", code),
			"give the machine the managed identity that AZURE_CLIENT_ID names, or remove that "+
				"from the environment")
	}
}

// answers reports whether there is a metadata service. Elsewhere its address
// leads nowhere, and no answer would come for a long time. A request without
// the header Metadata is refused, which is an answer.
func (l *azureLogin) answers(ctx context.Context) bool {
	ctx, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.metadata, nil)
	if err != nil {
		return false
	}
	resp, err := l.near.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return true
}

// commandLine requests a token from Azure's own program, for those who used az
// login.
func (l *azureLogin) commandLine(ctx context.Context) (*oauth2.Token, error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	said, err := exec.CommandContext(ctx, "az", "account", "get-access-token", "--output", "json", "--resource",
		azureResource).Output()
	if err != nil {
		return nil, errNoAzureLogin // az is not there, or nobody is logged in
	}
	return azureToken(said)
}

// azureToken reads a token as az and the services of machines write it. Times
// are numbers in some answers and texts in others.
func azureToken(said []byte) (*oauth2.Token, error) {
	var a struct {
		Token    string      `json:"access_token"`
		AzToken  string      `json:"accessToken"`
		Expires  json.Number `json:"expires_on"`
		AzBefore string      `json:"expiresOn"` // local time, from az before 2.54
	}
	if err := json.Unmarshal(said, &a); err != nil || cmp.Or(a.Token, a.AzToken) == "" {
		return nil, source.Fix(errors.New("the answer to a request for a token of Azure has none"),
			"log in again with: az login; or set AZURE_STORAGE_KEY")
	}
	t := &oauth2.Token{AccessToken: cmp.Or(a.Token, a.AzToken)}
	if n, err := a.Expires.Int64(); err == nil {
		t.Expiry = time.Unix(n, 0)
	} else if at, err := time.ParseInLocation("2006-01-02 15:04:05", a.AzBefore, time.Local); err == nil {
		t.Expiry = at
	} else {
		t.Expiry = time.Now().Add(5 * time.Minute) // what az and the services guarantee
	}
	return t, nil
}

// azureReason is a reason as the login service numbers it; nothing else of an
// answer is printed.
var azureReason = lazyregexp.New(`\bAADSTS[0-9]{4,9}\b`)

// azureLoginFault words why there is no token.
func azureLoginFault(err error) error {
	var r *oauth2.RetrieveError
	var u *url.Error
	switch {
	case errors.As(err, &u):
		return NetworkError(err)
	case !errors.As(err, &r) || r.Response == nil:
		return errors.New("the login of Azure answers something that is not a token")
	case r.Response.StatusCode >= 500, r.Response.StatusCode == http.StatusTooManyRequests:
		return &Temporary{Err: fmt.Errorf("the login of Azure answers %d", r.Response.StatusCode),
			After: RetryAfter(r.Response.Header)}
	}
	reason := strings.TrimSpace(strconv.Itoa(r.Response.StatusCode) + " " + azureReason().FindString(string(r.Body)))
	return source.Fix(fmt.Errorf("the login of Azure refuses the credentials: %s", reason),
		"check whether AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or "+
			"AZURE_FEDERATED_TOKEN_FILE are right and have not expired,\nor remove them from the "+
			"environment and log in with: az login")
}
