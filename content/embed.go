// Package content holds the texts that privgen init hands out: the sample
// site's privacy policy in its two newest versions in force and its draft, with
// the clauses and tables that the draft uses, and its cookie policy. They link only to one another, so they make a site by themselves.
//
// The folder is the sample site's content too, which has more: older versions,
// translations, an upcoming version, and terms of service.
package content

import "embed"

// FS holds the texts at their places below the content folder of a site:
// cookies.md, privacy/policy.toml, privacy/2026-04-01.md and the version before,
// privacy/draft.md, and what is in _clauses and _data.
//
//go:embed cookies.md privacy/policy.toml privacy/2025-02-10.md privacy/2026-04-01.md privacy/draft.md _clauses/*.md _data/*.toml
var FS embed.FS
