package theme_test

import (
	"fmt"
	"io/fs"
	"log"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// Load reports an accent color with too little contrast, at its position in the config.
func Example() {
	plain, err := fs.Sub(themes.FS, "plain")
	if err != nil {
		log.Fatal(err)
	}
	src := theme.Source{Base: templates.FS, BaseName: "templates", Theme: plain, ThemeName: "themes/plain"}
	place := func(name string) source.Pos { return source.Pos{File: "privgen.toml", Line: 9, Col: 10} }
	for _, accent := range []string{"#ffffcc", "#004c8c"} {
		t, problems := theme.Load(src, map[string]any{"accent": accent}, place)
		for _, p := range problems {
			fmt.Println(accent, p.Pos, p.Code)
		}
		if t != nil {
			fmt.Println(accent, "is ready")
		}
	}
	// Output:
	// #ffffcc privgen.toml:9:10 low-contrast
	// #004c8c is ready
}
