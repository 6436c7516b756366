package dates_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/dates"
)

// said returns the dates that a text states: U or E for the kind, with all readings
// of an ambiguous date.
func said(text, lang string) string {
	var out []string
	s := dates.Find([]byte(text), lang, nil)
	for _, one := range []*dates.StatedDate{s.Updated, s.Effective} {
		if one == nil {
			continue
		}
		sign := strings.ToUpper(string(one.Kind[:1]))
		days := one.Day.String()
		if one.Day.IsZero() {
			days = fmt.Sprint(one.Readings)
		}
		out = append(out, sign+" "+days)
	}
	return strings.Join(out, ", ")
}

func TestFindStamps(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ lang, text, want string }{
		// Languages, and the forms of dates.
		{"en", "# Privacy\n\nLast updated: March 3, 2024\n\nWe keep little.", "U 2024-03-03"},
		{"en", "Updated May 12, 2016", "U 2016-05-12"},
		{"en", "**Last Updated:** 3rd of May, 2024", "U 2024-05-03"},
		{"en", "Effective as of 2024-01-01", "E 2024-01-01"},
		{"en", "_[Effective on February 1, 2022](https://fernhill.example/2019-09-09)_", "E 2022-02-01"},
		{"en", "Effective September 24, 2024. Last Revised March 24, 2026", "U 2026-03-24, E 2024-09-24"},
		{"en", "Last updated and effective: 1 May 2024", "U 2024-05-01, E 2024-05-01"},
		{"en", "Last updated\n\n1 May 2024 | Fernhill", "U 2024-05-01"},
		{"en", "Last updated\n\n1 May 2024 was a fine day.", ""},
		{"en", strings.Repeat("We keep little.\n\n", 7) + "# Terms\n\n1 May 2024\n\nYou agree.", "U 2024-05-01"},
		{"en", strings.Repeat("We keep little.\n\n", 7) + "You agree.\n\n1 May 2024\n\nYou agree.", ""},
		{"en", "| Last updated | Effective date |\n|---|---|\n\nEffective date\n\n14-Feb-2025", "E 2025-02-14"},
		{"en", "Privacy PolicyLast modified: Sept. 5, 2021", "U 2021-09-05"},
		{"de", "Stand: 1. Mai 2024", "U 2024-05-01"},
		{"de", "Diese Erklärung gilt ab dem 01.06.2024 (Stand 3.5.2024).", "U 2024-05-03, E 2024-06-01"},
		{"", "Zuletzt aktualisiert am 4. März 2023", "U 2023-03-04"},
		{"de-AT", "Stand: 7. Jänner 2024", "U 2024-01-07"},
		{"fr", "Dernière mise à jour : le 1er août 2024", "U 2024-08-01"},
		{"fr", "En vigueur à compter du 5 décembre 2023", "E 2023-12-05"},
		{"fr", "Version du 12 fevrier 2024", "U 2024-02-12"},
		{"es", "Última actualización: 3 de marzo de 2024", "U 2024-03-03"},
		{"es", "Fecha de entrada en vigor: 03/04/2024", "E 2024-04-03"},
		{"it", "Ultimo aggiornamento: 15 gennaio 2024", "U 2024-01-15"},
		{"pt-BR", "Última atualização em 1º de março de 2024", "U 2024-03-01"},
		{"nl", "Laatst bijgewerkt op 2 mei 2024", "U 2024-05-02"},
		{"nl", "Versie van 12-03-2024", "U 2024-03-12"},
		{"sv", "Senast uppdaterad: den 5 maj 2024", "U 2024-05-05"},
		{"da", "Sidst opdateret den 5. maj 2024", "U 2024-05-05"},
		{"nb", "Sist oppdatert 5. mai 2024", "U 2024-05-05"},
		{"fi", "Viimeksi päivitetty 5. toukokuuta 2024", "U 2024-05-05"},
		{"pl", "Ostatnia aktualizacja: 5 maja 2024 r.", "U 2024-05-05"},
		{"cs", "Naposledy aktualizováno 1. 5. 2024", "U 2024-05-01"},
		{"sk", "Účinnosť od 1. mája 2024", "E 2024-05-01"},
		{"sl", "Zadnja posodobitev: 1. maj 2024", "U 2024-05-01"},
		{"hr", "Zadnja izmjena: 1. listopada 2024.", "U 2024-10-01"},
		{"hu", "Hatályos: 2024. május 1-jétől", "E 2024-05-01"},
		{"ro", "Ultima actualizare: 1 mai 2024", "U 2024-05-01"},
		{"bg", "Последна актуализация: 1 май 2024 г.", "U 2024-05-01"},
		{"el", "Τελευταία ενημέρωση: 1 Μαΐου 2024", "U 2024-05-01"},
		{"ru", "Дата последнего обновления: 1 мая 2024 г.", "U 2024-05-01"},
		{"ru", "Редакция от 01.05.2024", "U 2024-05-01"},
		{"uk", "Останнє оновлення: 1 травня 2024 року", "U 2024-05-01"},
		{"tr", "Son güncelleme: 1 Mayıs 2024", "U 2024-05-01"},
		{"tr", "Bu metin 1 Mayıs 2024 tarihinde güncellenmiştir.", "U 2024-05-01"},
		{"ar", "آخر تحديث: ١ مايو ٢٠٢٤", "U 2024-05-01"},
		{"ar", "آخر تحديث في 1 مايو 2024", "U 2024-05-01"},
		{"fa", "آخرین به\u200cروزرسانی: ۱ مهٔ ۲۰۲۴", "U 2024-05-01"},
		{"he", "עודכן לאחרונה: 1 במאי 2024", "U 2024-05-01"},
		{"hi", "अंतिम अपडेट: 1 मई 2024", "U 2024-05-01"},
		{"id", "Terakhir diperbarui: 1 Mei 2024", "U 2024-05-01"},
		{"vi", "Cập nhật lần cuối: ngày 1 tháng 5 năm 2024", "U 2024-05-01"},
		{"th", "ปรับปรุงล่าสุดเมื่อ 1 พฤษภาคม 2567", "U 2024-05-01"},
		{"ja", "最終更新日：2024年5月1日", "U 2024-05-01"},
		{"ja", "2019年4月1日 制定\n2024年5月1日 改定", "U 2024-05-01"},
		{"ja", "本規約は令和6年5月1日より施行します。", "E 2024-05-01"},
		{"ko", "시행일: 2024년 5월 1일", "E 2024-05-01"},
		{"ko", "이 방침은 2024. 5. 1.부터 시행됩니다.", "E 2024-05-01"},
		{"zh", "更新日期：2024年5月1日 生效日期：2024年6月1日", "U 2024-05-01, E 2024-06-01"},
		{"zh-TW", "本政策於2024年6月1日起生效", "E 2024-06-01"},
		{"lt", "Paskutinis atnaujinimas: 2024 m. gegužės 1 d.", "U 2024-05-01"},
		{"ga", "An nuashonrú is déanaí: 5 Bealtaine 2024", "U 2024-05-05"},
		{"ga", "I bhfeidhm ón 1 Meán Fómhair 2024", "E 2024-09-01"},
		{"mt", "L-aħħar aġġornament: 5 ta’ Mejju 2024", "U 2024-05-05"},
		{"mt", "Fis-seħħ mill-1 ta’ Settembru 2024", "E 2024-09-01"},
		{"cy", "Diweddarwyd ddiwethaf: 5 Mai 2024", "U 2024-05-05"},
		{"cy", "Daw i rym ar 1 Medi 2024", "E 2024-09-01"},
		{"is", "Síðast uppfært 5. maí 2024", "U 2024-05-05"},
		{"is", "Tekur gildi 1. september 2024", "E 2024-09-01"},

		// Numbers alone.
		{"en", "Last updated: 03/04/2024", "U [2024-03-04 2024-04-03]"},
		{"en-US", "Last updated: 03/04/2024", "U 2024-03-04"},
		{"en-GB", "Last updated: 03/04/2024", "U 2024-04-03"},
		{"en", "Last updated: 03/26/2024", "U 2024-03-26"},
		{"en", "Last updated: 04/04/2024", "U 2024-04-04"},
		{"en", "Last updated: 03/04/2024\n\nOrders placed before 10/31/2023 are kept.", "U 2024-03-04"},
		{"de", "Stand: 03.04.2024", "U 2024-04-03"},
		{"en", "Last updated: 31/02/2024", ""},
		{"en", "Last updated: May 2024", ""}, // a month is no day

		// In sentences, and at the foot.
		{"en", "# Terms\n\nWe last updated these terms on May 27, 2025.", "U 2025-05-27"},
		{"en", "These terms take effect on January 13th, 2023.", "E 2023-01-13"},
		{"en", words(900) + "\n\n(Revised on October 1, 2023)", "U 2023-10-01"},
		{"en", "# Terms\n\nMay 8, 2024\n\n" + words(300), "U 2024-05-08"},
		{"en", "Effective date outside the EEA: March 13, 2024\n\nEffective date in the EEA: April 30, 2024", "E [2024-03-13 2024-04-30]"},
		{"en", "Effective: May 1, 2024\n\n" + words(900) + "\n\nEffective: April 24, 2020\n\n" + words(900), "E 2024-05-01"},

		// What is not the text's own date.
		{"en", "The cookie expires on March 3, 2024.", ""},
		{"en", "Fernhill was founded on May 1, 2012.", ""},
		{"en", "© 2024 Fernhill Instruments", ""},
		{"en", "The GDPR took effect on May 25, 2018.", ""},
		{"en", "Regulation (EU) 2016/679 of 27 April 2016, effective 25 May 2018", ""},
		{"en", "We updated our policy to reflect the new name on January 4, 2022.", ""},
		{"en", "These terms applied until May 1, 2024.", ""},
		{"en", "The updates go into effect on February 3, 2025.", ""},
		{"en", "You may find a list of them. As of 23 June 2021, you can ask.", ""},
		{"en", "Effective from 02-08-2021 to 24-05-2023", ""},
		{"en", "Last updated: January 4, 2022\n\nOur next terms will be effective on July 26, 2022.", "U 2022-01-04"},
		{"en", "**Previous versions** _(Last modified March 30, 2026)_", ""},
		{"en", "[Effective](https://fernhill.example/2024-05-01)", ""},
		{"en", "", ""},
	} {
		if have := said(test.text, test.lang); have != test.want {
			t.Errorf("%s: %.90q\nhave %q\nwant %q", test.lang, test.text, have, test.want)
		}
	}
}

// words returns a text without dates of about n words.
func words(n int) string { return strings.Repeat("we keep little and tell you so ", n/7) }

func TestStampPlace(t *testing.T) {
	t.Parallel()
	text := "# Grüße\n\n**Stand:**\u00a0*1.* [Mai](x) 2024\n"
	s := dates.Find([]byte(text), "de", nil).Updated
	if s == nil || text[s.Start:s.End] != "1.* [Mai](x) 2024" {
		t.Fatalf("have %+v, want the place of the date", s)
	}
	if s.Sure != dates.Labeled {
		t.Errorf("it is said in a line of its own, have certainty %d", s.Sure)
	}
}

// FuzzFindStamps checks that a stated date is in its text, and has a day if and only
// if it has one reading.
func FuzzFindStamps(f *testing.F) {
	f.Add("Last updated: [3](x) May 2024", "en")
	f.Add("最終更新日：令和6年5月1日", "ja")
	f.Add("Ⱥ updated 2024-05-01 İ 03/04/2024", "tr")
	f.Fuzz(func(t *testing.T, text, lang string) {
		s := dates.Find([]byte(text), lang, nil)
		for _, one := range []*dates.StatedDate{s.Updated, s.Effective} {
			if one == nil {
				continue
			}
			if one.Start < 0 || one.End <= one.Start || one.End > len(text) {
				t.Errorf("the stamp stands at %d to %d of %d bytes", one.Start, one.End, len(text))
			}
			if len(one.Readings) == 0 || one.Day.IsZero() != (len(one.Readings) > 1) {
				t.Errorf("day %v with readings %v", one.Day, one.Readings)
			}
		}
	})
}

// In finds all dates, whatever they are about.
func TestIn(t *testing.T) {
	t.Parallel()
	text := "From 1. Mai 2024 to 03/04/2024, and on May 5, 2025."
	var have []string
	for _, d := range dates.In(text, "de") {
		have = append(have, fmt.Sprint(text[d.Start:d.End], d.Readings))
	}
	want := "1. Mai 2024[2024-05-01] 03/04/2024[2024-04-03 2024-03-04] May 5, 2025[2025-05-05]"
	if have := strings.Join(have, " "); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]dates.Kind{
		"Last updated: 1 May 2024\n\nEffective: 1 June 2024": dates.Updated,
		"Last updated: 03/04/2024\n\nEffective: 1 June 2024": dates.Effective,
		"Last updated: 03/04/2024":                           "",
		"We keep little.":                                    "",
	} {
		have := dates.Kind("")
		if best := dates.Find([]byte(text), "en", nil).Best(); best != nil {
			have = best.Kind
		}
		if have != want {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}
