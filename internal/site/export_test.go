package site

// ZoneKey is what tells a table of a time zone from another.
var ZoneKey = zoneKey
