package formats

// SitemapsOf is Sitemaps with other limits.
var SitemapsOf = sitemaps
