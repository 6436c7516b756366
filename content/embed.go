// Package content has the texts that privgen init copies: the two newest
// versions in force of the sample site's privacy policy and its draft, with the
// clauses and tables that the draft uses, and its cookie policy. They link only
// to one another, so they are a complete site.
//
// The folder is also the sample site's content, which has more: older versions,
// translations, an upcoming version, and terms of service.
package content

import "embed"

// FS has the texts at their paths below the content folder of a site:
// cookies.md, privacy/policy.toml, privacy/2026-04-01.md and the version
// before, privacy/draft.md, and the files of _clauses and _data.
//
//go:embed cookies.md privacy/policy.toml privacy/2025-02-10.md privacy/2026-04-01.md privacy/draft.md _clauses/*.md _data/*.toml
var FS embed.FS
