package site

// ZoneKey is zoneKey, for tests.
var ZoneKey = zoneKey
