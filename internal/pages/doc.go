// Package pages fills the pages of a site: it decides which pages there are,
// which versions they show, and what each depends on.
//
// Its two fundamental types are View, a site at an instant whose pages are
// planned when they are needed, and tree.Tree, the finished plan.
//
// # Paths
//
// Pages in the site's own language are at the root, those in other languages
// under /LANG/. A policy has pages in the site's language and in every language
// of its texts:
//
//	/                                the list of policies
//	/privacy/                        the version in force
//	/privacy/2026-01-01/             the permalink of a version
//	/privacy/archive/                all versions
//	/privacy/redline/A..B/           what changed from version A to B
//	/privacy/redline/A..in-force/    what changed from version A to the one in force
//	/privacy/index.md                the text, here and under each permalink
//	/privacy/versions.json           the history; also links.json, feed.atom, feed.json
//	/privacy/timemap.link            when the page had which version
//	/policies.json                   the policies, for programs
//	/feed.atom, /sitemap.xml, /robots.txt, /404.html, _headers, _redirects
//	/assets/NAME.HASH.css            what pages load
//
// A permalink exists in the languages of its version's texts. A redline exists in
// the languages that both versions have a text in; the redline of a version and
// the one in force exists in all languages of the first. The page of a policy
// exists in all its languages. If the version in force is not translated, it
// shows the authoritative text with a notice.
//
// A corrected text has, below its permalink, each text that a correction
// replaced, and a redline of what the correction changed:
//
//	/privacy/2026-01-01/earlier/1/           what the first correction changed
//	/privacy/2026-01-01/earlier/1/index.md   the text before it
//
// A path is permanent: after a later release, the tree has every path it had
// before. This includes versions that are older than others, if their front
// matter has the day of publication.
//
// # Keys
//
// The key of an entry is a digest of what its page shows: the site as a whole
// (the config, the theme, the program's words, the names of the policies), and
// each version it names, by a digest of its front matter and texts. Rendering
// uses nothing that is not in the key. No key has the instant: it only changes the
// states of versions, which are in the keys.
package pages
