package dates

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// This file has the words by which texts state their dates. They were collected
// from published policies and from the terms of statutes. All are in lower case and
// match whole words.

// A cueWord has the words of a language for the two dates: before a date, and after
// it, as in Japanese.
type cueWord struct {
	lang      string
	updated   string
	effective string

	updatedAfter, effectiveAfter string
}

var cueWords = []cueWord{
	{lang: "en",
		updated: `last updated?|latest update|updated|last modified|modified|last revis[a-z]+|revised|revis[a-z]+ date|date of (?:the )?last (?:update|revis[a-z]+|change)|` +
			`last changed|last amended|amended|last edited|version date|date of (?:this )?version|version (?:of|dated)|release date|posted|published|formulated|established|dated?|current as of|as of`,
		effective: `effective(?: date)?(?: (?:as of|on|from|since))?|eff\. date|in effect (?:since|from|as of)|(?:takes?|took|come|comes|goes|go|went|enters?|entered)(?: in)?(?:to)? (?:effect|force)|in force (?:since|from|as of)|` +
			`valid (?:from|since|as of)|applies (?:from|as of)|applicable (?:from|as of)|entry into force`},
	{lang: "de",
		updated:   `stand|zuletzt (?:aktualisiert|geändert|überarbeitet|bearbeitet)|letzte (?:aktualisierung|änderung|überarbeitung)|letzter stand|aktualisiert|geändert|überarbeitet|version vom|fassung vom|fassung|datum|veröffentlicht`,
		effective: `gültig (?:ab|seit)|gilt (?:ab|seit)|wirksam (?:ab|seit)|in kraft (?:ab|seit|getreten am)|tritt am|datum des inkrafttretens|inkrafttreten|wirksamkeitsdatum|gültigkeitsdatum`},
	{lang: "fr",
		updated:   `dernière (?:mise à jour|modification|révision|actualisation)|mise? à jour|date de (?:la )?(?:dernière )?(?:mise à jour|modification|révision)|dernière version|modifiée?|révisée?|version (?:du|en date du)|publiée?`,
		effective: `(?:date d['’])?entrée en vigueur|en vigueur (?:depuis|à compter|à partir|dès)|en vigueur|date d['’]effet|prise? d['’]effet|prend effet|applicables? (?:depuis|à compter|à partir)|valable à partir`},
	{lang: "es",
		updated:   `última (?:actualización|modificación|revisión|versión)|actualizad[oa]|fecha de (?:la )?(?:última )?(?:actualización|modificación|revisión|versión)|modificad[oa]|revisad[oa]|versión de|publicad[oa]`,
		effective: `fecha de (?:entrada en vigor|entrada en vigencia|vigencia|vigor|efectividad)|entrada en vig(?:or|encia)|en vigor (?:desde|a partir)|entra(?:rá|n|rán)? en vig(?:or|encia)|vigentes? (?:desde|a partir)|en vigor|vigencia|efectiv[oa]s?`},
	{lang: "it",
		updated:   `ultimo aggiornamento|ultima (?:modifica|revisione|versione)|data (?:di|dell['’])\s?(?:ultimo )?aggiornamento|aggiornat[oai]|modificat[oa]|versione del`,
		effective: `in vigore (?:dal|da|a partire)|data di (?:entrata in vigore|efficacia|decorrenza|validità)|entrata in vigore|entra in vigore|valid[oa] dal|con decorrenza|efficace dal|in vigore`},
	{lang: "pt",
		updated:   `última (?:atualização|actualização|modificação|alteração|revisão|versão)|atualizad[oa]|actualizad[oa]|data d[ea] (?:última )?(?:atualização|actualização|modificação|alteração|revisão)|modificad[oa]|revisad[oa]|versão de|publicad[oa]`,
		effective: `data de (?:vigência|entrada em vigor|vigor|efetivação)|entrada em vigor|em vigor (?:desde|a partir)|entra(?:rá|m)? em vigor|vigente (?:desde|a partir)|em vigor|vigência|efetiv[oa]`},
	{lang: "nl",
		updated:   `laatst (?:bijgewerkt|gewijzigd|aangepast|herzien)|laatste (?:update|wijziging|aanpassing|herziening)|bijgewerkt|gewijzigd|versie van|datum van (?:laatste )?wijziging`,
		effective: `ingangsdatum|van kracht (?:vanaf|sinds|met ingang)|geldig (?:vanaf|sinds)|met ingang van|treedt in werking|van kracht|ingaand`},
	{lang: "sv",
		updated:   `senast (?:uppdaterad|ändrad|reviderad)e?|uppdaterade?s?|senaste (?:uppdatering(?:en)?|ändring(?:en)?)|reviderad|ändrad`,
		effective: `gäller (?:från|fr\.o\.m\.)|giltig (?:från|sedan)|ikraftträdande|träder i kraft|gällande från|datum för ikraftträdande`},
	{lang: "da",
		updated:   `sidst (?:opdateret|ændret|revideret)|seneste (?:opdatering|ændring|version)|opdateret|senest (?:opdateret|ændret)|ændret`,
		effective: `gælder fra|gældende fra|træder i kraft|ikrafttrædelsesdato|ikrafttræden|gyldig fra`},
	{lang: "nb",
		updated:   `sist (?:oppdatert|endret|revidert)|siste (?:oppdatering|endring)|oppdatert|endret`,
		effective: `gjelder fra|gjeldende fra|trer i kraft|ikrafttredelsesdato|ikrafttredelse|gyldig fra`},
	{lang: "fi",
		updated:   `viimeksi (?:päivitetty|muutettu|muokattu)|viimeisin (?:päivitys|muutos)|päivitetty|muutettu`,
		effective: `voimassa|voimaantulopäivä|voimaantulo|tulee voimaan|voimaan`},
	{lang: "pl",
		updated:   `ostatnia (?:aktualizacja|zmiana|modyfikacja)|ostatnio (?:zaktualizowan[oaey]|zmienion[oaey])|zaktualizowan[oaey]|data (?:ostatniej )?(?:aktualizacji|zmiany)|aktualizacja|stan na(?: dzień)?|wersja z(?: dnia)?`,
		effective: `(?:data )?wejści[ae] w życie|obowiązuj(?:e|ą|ąca|ący) od|wchodz[ią] w życie|ważn[ae] od|data obowiązywania`},
	{lang: "cs",
		updated:   `naposledy (?:aktualizováno|upraveno|změněno)|poslední (?:aktualizace|změna|úprava)|aktualizováno|datum (?:poslední )?(?:aktualizace|změny)|verze ze dne`,
		effective: `účinn(?:é|ost|ý) od|účinnost|datum účinnosti|platn(?:é|ost|ý) od|nabýv(?:á|ají) účinnosti|vstupuj(?:e|í) v platnost`},
	{lang: "sk",
		updated:   `naposledy (?:aktualizované|upravené|zmenené)|posledná (?:aktualizácia|zmena|úprava)|aktualizované|dátum (?:poslednej )?(?:aktualizácie|zmeny)`,
		effective: `účinn(?:é|osť|ý) od|dátum účinnosti|platn(?:é|osť|ý) od|nadobúda(?:jú)? účinnosť`},
	{lang: "sl", updated: `zadnja (?:posodobitev|sprememba)|nazadnje posodobljeno|posodobljeno`, effective: `velja od|veljavno od|začetek veljavnosti|datum (?:začetka )?veljavnosti`},
	{lang: "hr", updated: `zadnj[ae] (?:ažuriranje|izmjena|promjena)|posljednj[ae] (?:ažuriranje|izmjena|promjena)|ažurirano|zadnje ažurirano|posljednji put ažurirano`, effective: `na snazi od|vrijedi od|stupa(?:ju)? na snagu|datum stupanja na snagu|važeć[ae] od`},
	{lang: "hu",
		updated:   `utolsó (?:frissítés|módosítás)|utoljára (?:frissítve|módosítva)|frissítve|módosítva|legutóbbi (?:frissítés|módosítás)`,
		effective: `hatályba ?lépés(?: napja| dátuma| időpontja)?|hatályos|érvényes`, updatedAfter: `napján frissít|frissítve`, effectiveAfter: `(?:-?j?[ée]?t[őo]l )?hatályos|napjától hatályos|napján lép hatályba|lép hatályba`},
	{lang: "ro", updated: `ultima (?:actualizare|modificare|revizuire)|actualizat[ăe]?|data (?:ultimei )?actualizării|versiunea din`, effective: `în vigoare (?:din|de la|începând)|intr[ăa] în vigoare|data intrării în vigoare|valabil[ăe]? (?:din|de la|începând)`},
	{lang: "bg", updated: `последн[оа] (?:обновяване|актуализация|актуализиране|промяна|изменение)|актуализиран[оаи]?|обновен[оаи]?`, effective: `в сила от|влиза(?:т)? в сила|дата на влизане в сила`},
	{lang: "el", updated: `τελευταία (?:ενημέρωση|τροποποίηση|αναθεώρηση|επικαιροποίηση)|ενημερώθηκε|ημερομηνία (?:τελευταίας )?(?:ενημέρωσης|τροποποίησης)`, effective: `σε ισχύ από|ισχύει από|ισχύουν από|ημερομηνία (?:έναρξης )?ισχύος|έναρξη ισχύος|τίθεται σε ισχύ`},
	{lang: "ru",
		updated:   `последн(?:ее|яя) (?:обновление|изменение|редакция|версия)|дата (?:последнего )?(?:обновления|изменения|редакции|публикации)|обновлен[оаы]?|обновлён|редакция от|в редакции от|изменен[оаы]|версия от|опубликован[оаы]?`,
		effective: `дата вступления в силу|вступа(?:ет|ют) в силу|действ(?:ует|ительна|ует начиная) с|дата начала действия|вступление в силу`},
	{lang: "uk",
		updated:   `останн(?:є|я|і) (?:оновлення|зміна|зміни|редакція)|дата (?:останнього )?(?:оновлення|зміни|редакції)|оновлен[оаі]?|редакція від`,
		effective: `дата набрання чинності|набува(?:є|ють) чинності|набира(?:є|ють) чинності|діє з|чинн[аий] з`},
	{lang: "tr",
		updated:      `son güncel(?:leme|lenme)(?: tarihi)?|güncel(?:leme|lenme) tarihi|son (?:değişiklik|revizyon)(?: tarihi)?|güncellendi`,
		effective:    `yürürlük tarihi|yürürlüğe giriş(?: tarihi)?|geçerlilik tarihi`,
		updatedAfter: `tarihinde (?:son olarak )?(?:güncellen|değiştiril)`, effectiveAfter: `tarihinde yürürlü|tarihinden itibaren (?:geçerli|yürürlü)`},
	{lang: "ar",
		updated:   `آخر (?:تحديث|تعديل|مراجعة)|تاريخ (?:آخر )?(?:التحديث|تحديث|التعديل|تعديل)|تم (?:التحديث|التعديل|تحديث)|تم آخر تحديث|محدثة?`,
		effective: `تاريخ (?:السريان|النفاذ|سريان|نفاذ)|تاريخ بدء السريان|سارية? (?:اعتبارا|من|منذ)|يسري (?:اعتبارا|من|مفعول)|ساري المفعول|نافذة? (?:اعتبارا|من)`},
	{lang: "fa", updated: `آخرین (?:به ?روزرسانی|بروزرسانی|تغییر|ویرایش|بازنگری)|تاریخ (?:به ?روزرسانی|بروزرسانی)|به ?روز ?شده`, effective: `تاریخ (?:اجرا|اثربخشی|لازم ?الاجرا)|لازم ?الاجرا از`},
	{lang: "he", updated: `עודכן(?: לאחרונה)?|עדכון אחרון|תאריך (?:ה?עדכון|עדכון) ?(?:ה?אחרון)?|עודכנה(?: לאחרונה)?`, effective: `בתוקף (?:מ|החל|מיום)|תאריך (?:כניסה לתוקף|תחולה|תוקף)|נכנס(?:ת)? לתוקף`},
	{lang: "hi", updated: `अंतिम (?:अद्यतन|अपडेट|संशोधन)|पिछला (?:अपडेट|अद्यतन)|अपडेट (?:किया गया|की गई)|आखिरी (?:अपडेट|बार)`, effective: `प्रभावी (?:तिथि|तारीख|होने की (?:तिथि|तारीख))|लागू होने की (?:तिथि|तारीख)|प्रभावी`},
	{lang: "id", updated: `terakhir (?:diperbarui|diubah|direvisi|dimutakhirkan)|pembaruan terakhir|diperbarui|tanggal pembaruan|perubahan terakhir`, effective: `berlaku (?:sejak|mulai|efektif|per)|tanggal (?:berlaku|efektif)|mulai berlaku|efektif`},
	{lang: "ms", updated: `kemas ?kini terakhir|dikemas ?kini(?: pada)?|kali terakhir dikemas ?kini`, effective: `tarikh (?:berkuat ?kuasa|efektif)|berkuat ?kuasa`},
	{lang: "vi", updated: `cập nhật (?:lần cuối|mới nhất|gần nhất|ngày)|lần cập nhật (?:cuối|gần nhất)|ngày (?:cập nhật|sửa đổi)|sửa đổi lần cuối|cập nhật`, effective: `có hiệu lực (?:từ|kể từ)|ngày (?:có )?hiệu lực|hiệu lực từ`},
	{lang: "th", updated: `(?:ปรับปรุง|อัปเดต|แก้ไข|อัพเดต)(?:ครั้ง)?(?:ล่าสุด|สุดท้าย)|ปรับปรุง(?:เมื่อ)?`, effective: `มีผล(?:บังคับ)?(?:ใช้)?(?:ตั้งแต่|เมื่อ)?|วันที่มีผล(?:บังคับ)?(?:ใช้)?`},
	{lang: "ja",
		updated:      `最終(?:更新|改定|改訂)日?|更新日|改定日?|改訂日?|制定日?|最新版|公開日`,
		effective:    `施行日?|発効日?|適用開始日?|効力発生日`,
		updatedAfter: `最終(?:更新|改定|改訂)|改定|改訂|更新|現在|制定|改正`, effectiveAfter: `(?:より|から)?(?:施行|発効|適用|有効)`},
	{lang: "ko",
		updated:      `(?:최종|마지막|최근) ?(?:업데이트|수정|개정|변경)(?:일자|일)?|업데이트(?:일자|일)?|개정(?:일자|일)|수정일|공고(?:일자|일)`,
		effective:    `시행(?:일자|일)?|발효(?:일자|일)?|효력 ?발생일|적용(?:일자|일)`,
		updatedAfter: `(?:에 )?(?:최종 |마지막으로 )?(?:개정|수정|업데이트|변경)`, effectiveAfter: `(?:부터|자로|에)? ?(?:시행|발효|적용|효력)`},
	{lang: "zh",
		updated:      `(?:最后|最後|最近|最新|上次)(?:更新|修订|修訂|修改|编辑|編輯)(?:日期|时间|時間|于|於)?|更新(?:日期|时间|時間|于|於)|修订(?:日期|于)|修訂(?:日期|於)|发布(?:日期|于)|發布(?:日期|於)|版本(?:日期|更新)|更新`,
		effective:    `生效(?:日期|时间|時間|日|于|於)?|施行日期|实施日期|實施日期`,
		updatedAfter: `更新|修订|修訂|修改|发布|發布`, effectiveAfter: `(?:起|开始|開始)?(?:正式)?(?:生效|施行|实施|實施)`},
	{lang: "ca", updated: `(?:darrera|última) (?:actualització|modificació|revisió)|actualitza(?:t|da)`, effective: `data d['’]entrada en vigor|en vigor des`},
	{lang: "et", updated: `viimati (?:uuendatud|muudetud)|uuendatud|viimane (?:uuendus|muudatus)`, effective: `kehtib alates|jõustu(?:b|mine)|kehtiv alates`},
	{lang: "lv", updated: `pēdējo reizi (?:atjaunināt[sa]|mainīt[sa])|atjaunināt[sai]|pēdēj(?:ie|ās|ais) (?:atjauninājum[is]|izmaiņas)`, effective: `spēkā no|stājas spēkā|spēkā esoš[sa] no`},
	{lang: "lt", updated: `paskutin(?:į kartą|is) (?:atnaujint[ai]|atnaujinimas|pakeist[ai])|atnaujinta|paskutinio atnaujinimo data`, effective: `įsigalioj(?:a|imo data)|galioja nuo`},
	{lang: "ga", updated: `nuashonrú is déanaí|(?:arna )?nuashonr(?:aithe|ú)(?: go deireanach)?`, effective: `i bhfeidhm ón?|dáta éifeachtach|éifeachtach ón?`},
	{lang: "mt", updated: `l-aħħar (?:aġġornament|aġġornata|reviżjoni)|aġġornata?`, effective: `fis-seħħ (?:minn|mill)|tidħol fis-seħħ|data effettiva`},
	{lang: "cy", updated: `diweddarwyd (?:ddiwethaf|diwethaf)|diweddariad diwethaf|diweddarwyd`, effective: `mewn grym o|yn weithredol o|dyddiad (?:dod i rym|gweithredol)|daw i rym`},
	{lang: "is", updated: `síðast (?:uppfært?|breytt|uppfærð)|síðasta uppfærsla|uppfært|uppfærð`, effective: `gildir frá|í gildi frá|tekur gildi|tók gildi|gildistaka`},
	{lang: "fil", updated: `huling (?:na-update|binago|in-update)`, effective: `may bisa (?:simula|mula)|petsa ng pagkabisa`},
}

// vetoes match words that give a date after a cue another meaning: of a law, of an
// older text, of the end of something.
const vetoes = `until|till|before|prior|previous|former|old|older|original|originally|archived?|act|acts|law|laws|regulations?|directive|statute|gdpr|ccpa|cpra|decision|` +
	`founded|since \d+|expires?|expired|copyright|©|name|registered|incorporated|judgment|lists?|created|accounts?|updates|clauses?|` +
	`bis|vorherige|frühere|gesetz|verordnung|richtlinie|dsgvo|précédente|loi|règlement|ancienne|anterior|ley|reglamento|lei|legge|regolamento|precedente|wet|verordening|以前`

// A cue has the words of one language for one kind of date.
type cue struct {
	lang  string
	kind  Kind
	words *regexp.Regexp
	latin bool // written in Latin letters
}

// cuesBefore, cuesAfter and vetoWords return the compiled words. They are compiled
// on first use, as in package lazyregexp.
var (
	cuesBefore = sync.OnceValue(func() []cue {
		return compileCues(func(c cueWord) (string, string) { return c.updated, c.effective })
	})
	cuesAfter = sync.OnceValue(func() []cue {
		return compileCues(func(c cueWord) (string, string) { return c.updatedAfter, c.effectiveAfter })
	})
	vetoWords = sync.OnceValue(func() *regexp.Regexp { return longest(vetoes) })
)

func compileCues(of func(cueWord) (updated, effective string)) (out []cue) {
	for _, c := range cueWords {
		updated, effective := of(c)
		if updated != "" {
			out = append(out, cue{c.lang, Updated, longest(updated), latin(updated)})
		}
		if effective != "" {
			out = append(out, cue{c.lang, Effective, longest(effective), latin(effective)})
		}
	}
	return out
}

func latin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// cuesIn returns the cues in a lower-case text, as whole words or not. It tries only
// those that are possible with the letters of the text.
func cuesIn(list []cue, s string) (out []cue) {
	some := latin(s)
	other := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
	for _, c := range list {
		if (c.latin && some || !c.latin && other) && c.words.MatchString(s) {
			out = append(out, c)
		}
	}
	return out
}

// longest compiles words so that the longest match is found: only that can be a
// whole word.
func longest(words string) *regexp.Regexp {
	re := regexp.MustCompile(`(?:` + words + `)`)
	re.Longest()
	return re
}

// wholeWord reports whether s[from:to] is not a part of a longer word. In scripts
// without spaces it never is.
func wholeWord(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	first, _ := utf8.DecodeRuneInString(s[from:])
	last, _ := utf8.DecodeLastRuneInString(s[:to])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !(joins(before) && joins(first)) && !(joins(last) && joins(after))
}

// joins reports whether letters of this kind form words.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// vetoed reports whether a lower-case text has a veto.
func vetoed(s string) bool {
	for _, m := range vetoWords().FindAllStringIndex(s, -1) {
		if wholeWord(s, m[0], m[1]) {
			return true
		}
	}
	return false
}

// lastCue returns the cue nearest to the end of a lower-case text, the longer one if
// two end at the same offset. Without a cue, to is -1.
func lastCue(cues []cue, s string) (best cue, from, to int) {
	to = -1
	for _, c := range cues {
		for _, m := range c.words.FindAllStringIndex(s, -1) {
			if (m[1] > to || m[1] == to && m[0] < from) && wholeWord(s, m[0], m[1]) {
				best, from, to = c, m[0], m[1]
			}
		}
	}
	return best, from, to
}

// nextCue returns the cue right after a date, within a few letters.
func nextCue(cues []cue, s string) (cue, bool) {
	for _, c := range cues {
		m := c.words.FindStringIndex(s)
		if m == nil || strings.ContainsAny(s[:m[0]], ".。!?\n") {
			continue
		}
		if utf8.RuneCountInString(strings.TrimSpace(s[:m[0]])) <= 3 {
			return c, true
		}
	}
	return cue{}, false
}
