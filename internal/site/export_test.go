package site

// ZoneKey is zoneKey.
var ZoneKey = zoneKey
