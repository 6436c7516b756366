package toml_test

import (
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/toml"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	have := string(toml.Schema(&struct {
		Day   day.Day         `toml:"day,required"`
		Date  day.Date        `toml:"date"`
		Order int             `toml:"order" default:"7"`
		Looks []string        `toml:"looks" enum:"<a>,b" default:"<a>" doc:"Looks."`
		Link  link            `toml:"link"`
		Links map[string]link `toml:"links"`
		Free  map[string]any  `toml:"free"`
		Other string
	}{}, "https://example.com/s.json", "S", map[string]any{"link": []string{"more"}}))
	want := `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://example.com/s.json",
  "title": "S",
  "type": "object",
  "properties": {
    "day": {
      "type": "string",
      "format": "date"
    },
    "date": {
      "type": "string",
      "anyOf": [
        {
          "format": "date"
        },
        {
          "format": "date-time"
        }
      ]
    },
    "order": {
      "type": "integer",
      "default": 7
    },
    "looks": {
      "description": "Looks.",
      "type": "array",
      "items": {
        "type": "string",
        "enum": [
          "<a>",
          "b"
        ]
      },
      "default": [
        "<a>"
      ]
    },
    "link": {
      "type": "object",
      "properties": {
        "text": {
          "description": "The text of the link.",
          "type": "string"
        },
        "href": {
          "type": "string",
          "examples": [
            "/privacy/"
          ]
        }
      },
      "required": [
        "text",
        "href"
      ],
      "additionalProperties": false,
      "allOf": [
        "more"
      ]
    },
    "links": {
      "type": "object",
      "additionalProperties": {
        "type": "object",
        "properties": {
          "text": {
            "description": "The text of the link.",
            "type": "string"
          },
          "href": {
            "type": "string",
            "examples": [
              "/privacy/"
            ]
          }
        },
        "required": [
          "text",
          "href"
        ],
        "additionalProperties": false
      }
    },
    "free": {
      "type": "object"
    }
  },
  "required": [
    "day",
    "link"
  ],
  "additionalProperties": false
}
`
	if have != want {
		t.Errorf("have %s", have)
	}
}
