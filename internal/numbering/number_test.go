package numbering_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/numbering"
)

// headings are single headings by language. The number is before the bar.
const headings = `
cy
Erthygl 5 |Eich hawliau
Adran 2: |Cwcis
Atodlen 1 – |Proseswyr
Pennod II. |Cyffredinol
Cam 3: |Llofnodi
|Erthygl 6 o’r GDPR
|18 oed neu hŷn
|14 diwrnod i ganslo
ga
Airteagal 5 |Na cearta atá agat
Alt 2: |Fianáin
Clásal 7. |Foirceannadh
Iarscríbhinn A |Próiseálaithe
Céim 3: |Sínigh
|Airteagal 6 den RGCS
|14 lá chun cealú
|18 mbliana d’aois
is
5. grein. |Réttindi þín
5. gr. |Réttindi þín
Grein 5 |Réttindi þín
1. kafli: |Almennt
Viðauki A |Vinnsluaðilar
Fyrsti kafli: |Almennt
|18 ára eða eldri
|14 daga frestur
mt
Artikolu 5 |Id-drittijiet tiegħek
Taqsima 2: |Cookies
Klawżola 7. |Terminazzjoni
Anness A |Proċessuri
|Artikolu 6 tal-GDPR
|18-il sena jew aktar
|14 jum biex tikkanċella
en
Step 2: |Apply
STEP 3. |PAY
Table 2: |Cookies
Table 4 – |Partners
Question 7: |Who sees it?
Q3. |What do we keep?
Q12: |Who is it for?
A1. |Scope
[3] |Definitions
Part One: |General
Chapter Two |Fees
Section First. |Names
First: |Who we are
|Step by step
|Table of contents
|Phase 2 trials
|First aid
|First-party cookies
|One more thing
|A4 paper
|G7: our commitments
|Q3 results
|[2024] changes
1. |Who we are
1.2 |Data we collect
1.2.3. |Cookies
2) |Fees
(3) |Liability
(b) |Your choices
(iv) |Transfers
IV. |Governing law
A. |Scope
b) |Use
Article 2 |Definitions
Article 2 – |Definitions
Section 2: |Fees
SECTION 2. |FEES
Sec. 4 |Notices
Clause 7. |Termination
Annex B |Subprocessors
Annex B: |Subprocessors
Annex C |Subprocessors
Part CI |General
Schedule 1 – |Services
Appendix II |Technical measures
Exhibit A. |Pricing
Part I |General
Chapter 3. |Refunds
§ 7 |Liability
§7 |Liability
Art. 5: |Retention
1: |Scope
3 – |Scope
Paragraph 4.2 |Notice
|18 years or older
|14 days to withdraw
|100 EUR deposit
|1.5 million users
|24/7 support
|2FA
|3D printing
|2024 changes
|365 days of data
|Article 6 of the GDPR
|Article 6(1)(f) GDPR
|Section 230 of the Act
|Section 230 immunity
Article (4) |Fees
Section 230. |Fees
|Schedule A Call
|No 18 year olds
|Parties
|Part of the agreement
|Article about data
|30-day trial
|5% discount
|€ 50 deposit
|I agree
de
Schritt 2: |Antrag stellen
Tabelle 4: |Empfänger
Frage 3: |Wer sieht die Daten?
Erster Abschnitt: |Allgemeines
Zweiter Teil. |Kosten
[2] |Begriffe
F3. |Was speichern wir?
|Erste Schritte
|Dritte und ihre Cookies
|Zweiter Teil der Rechnung
§ 1 |Geltungsbereich
§ 2. |Vertragsschluss
§ 3: |Preise
1. |Allgemeines
1.1 |Begriffe
Artikel 4 |Haftung
Abschnitt II: |Rechte
Ziffer 3 |Kosten
Anlage 2 – |Verzeichnis
Anhang A |Maßnahmen
Kapitel 5. |Schluss
Teil 1 |Allgemeiner Teil
Nr. 7 |Widerruf
Art. 13 |Auskunft
a) |Umfang
|§ 312 BGB
|§ 312g Abs. 1 BGB
|Art. 6 DSGVO
|Art. 13 und 14
|18 Jahre oder älter
|14 Tage Widerrufsfrist
|100 EUR Kaution
|Teil dieser Bedingungen
|24-Stunden-Hilfe
fr
Article premier – |Objet
Article premier |Objet
Article unique. |Objet
Étape 2 : |Signer
Tableau 3 : |Destinataires
Section première : |Champ
|Premiers pas
|Second avis
Article 3 |Objet
Article 3 : |Objet
ARTICLE 3 - |OBJET
Article 1er |Champ
Art. 4 — |Prix
Section II : |Vos droits
Chapitre 2. |Cookies
Annexe 1 |Liste
Clause 9 |Litiges
Titre III – |Divers
1 - |Objet
2/ |Prix
I. |Préambule
I – |Préambule
|18 ans ou plus
|14 jours pour changer d'avis
|Article 6 du RGPD
|30 % de remise
es
Artículo primero. |Objeto
ARTÍCULO SEGUNDO.- |PRECIO
Cláusula tercera: |Duración
PRIMERA.- |OBJETO
Segunda. |Precio
Paso 2: |Firmar
Tabla 1: |Cookies
Artículo único. |Objeto
|Primera vez
|Segunda oportunidad
Artículo 5 |Derechos
Artículo 5.- |Derechos
ARTÍCULO 5. |DERECHOS
Cláusula 2ª |Precio
Sección 3: |Uso
Capítulo IV |Plazos
Anexo A |Encargados
1.º |Objeto
Apartado 6 |Cambios
|18 años o más
|14 días para desistir
|Artículo 6 del RGPD
it
Articolo primo – |Oggetto
Parte terza. |Prezzi
Fase 2: |Firma
Tabella 4. |Cookie
|Prima di iniziare
Articolo 5 |Diritti
Art. 5 – |Diritti
Art. 5. |Diritti
Sezione 2: |Uso
Allegato B |Fornitori
Capitolo III |Durata
Clausola 4 |Recesso
|18 anni o più
|14 giorni per recedere
|Art. 6 GDPR
pt
Artigo primeiro – |Objeto
Cláusula segunda. |Preço
Passo 3: |Assinar
|Primeiros passos
Artigo 5º |Direitos
Art. 3 - |Objeto
Cláusula 4 – |Preço
CLÁUSULA 4ª: |PREÇO
Seção 2. |Uso
Anexo I |Lista
Capítulo 2 |Prazos
|18 anos ou mais
|7 dias para desistir
nl
Stap 2: |Aanvragen
|Eerste hulp
Artikel 4 |Aansprakelijkheid
Artikel 4. |Aansprakelijkheid
Hoofdstuk 2: |Rechten
Bijlage 1 |Verwerkers
Lid 3 |Termijn
|16 jaar of ouder
|14 dagen bedenktijd
pl
Rozdział pierwszy. |Przepisy
Krok 2: |Wniosek
|Pierwsze kroki
§ 5 |Odpowiedzialność
§ 5. |Odpowiedzialność
Artykuł 2 |Zakres
Art. 2. |Zakres
Rozdział III |Prawa
Rozdział 3. |Prawa
Załącznik nr|
Załącznik 1 – |Wykaz
Punkt 4 |Opłaty
|16 lat i więcej
|14 dni na odstąpienie
ru
Раздел первый. |Общие положения
Статья вторая |Плата
Шаг 2: |Заявка
Таблица 1. |Файлы
|Первый шаг
Статья 5 |Права
Статья 5. |Права
Раздел II. |Сроки
Глава 3 |Оплата
Пункт 4.1 |Возврат
Приложение 1 – |Перечень
п. 3 |Данные
а) |Цели
|18 лет и старше
|14 дней на возврат
el
Άρθρο 5 |Δικαιώματα
ΑΡΘΡΟ 5 – |ΔΙΚΑΙΩΜΑΤΑ
Κεφάλαιο 2. |Χρήση
Παράρτημα Α |Κατάλογος
|18 ετών και άνω
tr
Adım 2: |Başvuru
Birinci Bölüm: |Genel
Madde 5 – |Haklar
MADDE 5 |HAKLAR
5. Madde |Haklar
Bölüm 2: |Süre
Ek 1 |Liste
|18 yaş ve üzeri
|14 gün içinde
hu
5. cikk |Jogok
5. § |Jogok
II. fejezet |Adatok
1. melléklet |Lista
|16 év felett
fi
5 § |Oikeudet
Luku 2 |Maksut
2 luku |Maksut
Liite 1: |Luettelo
|14 päivää aikaa
sv
5 § |Rättigheter
Avsnitt 2. |Avgifter
Bilaga A |Lista
2 kap. |Avgifter
|18 år eller äldre
lt
5 straipsnis |Teisės
5 straipsnis. |Teisės
|14 dienų terminas
cs
Část první: |Obecná
Krok 2: |Žádost
Čl. 3 |Ceny
§ 3 |Ceny
|§ 1829 občanského zákoníku
|18 let
ar
المادة الأولى: |التعريفات
الفصل الثاني |الرسوم
أولاً: |التعريفات
الخطوة 2: |التقديم
المادة (4) |الرسوم
المادة (٤): |الرسوم
المادة 5: |الحقوق
المادة ٥ |الحقوق
البند 2 - |الرسوم
١. |التعريفات
|18 عاما أو أكثر
he
פרק ראשון: |הגדרות
סעיף 5: |זכויות
נספח א |רשימה
א. |כללי
|18 שנים ומעלה
fa
فصل اول: |تعاریف
ماده ۵: |حقوق
بند ۲ |هزینه
hi
अनुच्छेद 5 |अधिकार
धारा ५: |शुल्क
|18 वर्ष या अधिक
th
ข้อ 5 |สิทธิ
ข้อ 5. |สิทธิ
มาตรา ๕ |ค่าธรรมเนียม
|18 ปีขึ้นไป
vi
Điều 5. |Quyền
Điều 5: |Quyền
Chương II |Phí
Mục 3 |Thời hạn
|18 tuổi trở lên
id
Pasal 5 |Hak
BAB II |BIAYA
Lampiran 1: |Daftar
|18 tahun ke atas
ja
手順2：|申請
表1：|クッキー
第5条|（目的）
第５条 |目的
第一条 |目的
第十二条の2 |変更
第2章 |料金
1. |目的
１．|目的
一、|目的
（1）|範囲
① |範囲
別紙1 |一覧
|18歳以上
|14日以内の返品
zh
步骤二：|申请
表3：|接收方
第一条 |总则
第十二条|　变更
第2章：|费用
一、|总则
（一）|范围
(二) |范围
1、|定义
附件一 |清单
附件2：|清单
|18岁以上
|14天内退货
ko
표 2: |쿠키
제1조|(목적)
제1조 |(목적)
제 3 조 |요금
제3조의2 |변경
제2장 |요금
1. |목적
가. |범위
부칙 1 |시행일
|18세 이상
|14일 이내 환불
`

func TestNumbersOfHeadings(t *testing.T) {
	t.Parallel()
	lang, n := "", 0
	for line := range strings.Lines(headings) {
		line = strings.TrimSuffix(line, "\n")
		number, words, ok := strings.Cut(line, "|")
		if !ok {
			lang = line
			continue
		}
		if words == "" {
			continue
		}
		n++
		have := numberOf(strings.TrimRight(number+words, " "))
		if strings.Trim(have, " 　") != strings.Trim(number, " 　") {
			t.Errorf("%s: %q has the number %q, want %q", lang, number+words, have, number)
		}
	}
	if n < 150 {
		t.Errorf("%d headings, want 150", n)
	}
}

// TestNumbersAmongSiblings checks numbers that depend on the headings around them.
func TestNumbersAmongSiblings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ headings, want string }{
		{"1 Scope|2 Fees|3 Law", "scope|fees|law"},
		{"1 Geltung|2 Kosten|Schluss", "geltung|kosten|schluss"},
		{"1 Objet|2 Prix", "objet|prix"},
		{"18 years or older|14 days to withdraw|100 EUR deposit", "18-years-or-older|14-days-to-withdraw|100-eur-deposit"},
		{"18 years or older|19 years or older", "18-years-or-older|19-years-or-older"},
		{"1 Scope|3 Law", "1-scope|3-law"},
		{"§ 312 BGB|Kosten", "312-bgb|kosten"},
		{"§ 1 AGB|§ 2 AGB-Änderung", "agb|agb-änderung"},
		{"Schedule A Calls|Schedule B Lines", "calls|lines"},
		{"Article 5|Article 6", "article-5|article-6"},
		{"Article 6 GDPR", "article-6-gdpr"},
		{"Section 230 immunity", "section-230-immunity"},
		{"Section 99 Notices|Section 100 Fees|Section 101 Law", "notices|fees|law"},
		{"一 总则|二 费用", "总则|费用"},
		{"Step 1 Sign up|Step 2 Confirm", "sign-up|confirm"},
		{"Step 2 Confirm|Questions", "step-2-confirm|questions"},
		{"Tabelle 1 Cookies|Tabelle 2 Empfänger", "cookies|empfänger"},
		{"Phase 2 trials|Phase 3 trials", "trials|trials"},
	} {
		have := strings.Join(slugs(strings.Split(c.headings, "|")...), "|")
		if have != c.want {
			t.Errorf("%s\n\thave %s\n\twant %s", c.headings, have, c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ title, want string }{
		{"Data retention", "data-retention"},
		{"4. Cookies", "cookies"},
		{"5. Cookies", "cookies"},
		{"4.1 Cookies & co.", "cookies-co"},
		{"(b) Your rights", "your-rights"},
		{"IV. Don’t", "dont"},
		{"§ 7 Haftung", "haftung"},
		{"2024 changes", "2024-changes"},
		{"I agree", "i-agree"},
		{"12.", "12"},
		{"隐私政策", "隐私政策"},
		{"سياسة الخصوصية", "سياسة-الخصوصية"},
		{"Überblick", "überblick"},
		{"U\u0308berblick", "überblick"},
		{"!!!", "clause"},
		{"", "clause"},
		{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen", "one-two-three-four-five-six-seven-eight-nine-ten-eleven-twelve"},
	} {
		if have := slugs(c.title)[0]; have != c.want {
			t.Errorf("%q: have %q, want %q", c.title, have, c.want)
		}
	}
}

// slugs returns the ids of consecutive headings of one level.
func slugs(titles ...string) (ids []string) {
	var of []numbering.Number
	for _, t := range titles {
		of = append(of, numbering.Of(t))
	}
	for i := range titles {
		titles[i] = norm.NFC.String(titles[i])
	}
	for i, yes := range numbering.Counted(of, make([]int, len(of))) {
		n := 0
		if yes {
			n = of[i].End
		}
		ids = append(ids, numbering.Slug(titles[i], n))
	}
	return ids
}

// numberOf returns the number of a single heading.
func numberOf(title string) string {
	if nb := numbering.Of(title); nb.Sure {
		return title[:nb.End]
	}
	return ""
}

func TestMarker(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"(a) x": "() [1097]", "(i) x": "() [1 1105]", "(12) x": "() [12]", "（三）収集": "() [3]", "[3] x": "[] [3]",
		"1.2 x": "1. [2]", "1.2.3. x": "1.2. [3]", "b) x": ") [1098]", "IV. x": ". [4]", "1) x": " []", "(a)x": " []",
		"(see x": " []", "e.g. x": " []", "": " []",
	} {
		style, values := numbering.Marker(line)
		if have := fmt.Sprint(style, " ", values); have != want {
			t.Errorf("%q: have %s, want %s", line, have, want)
		}
	}
}

func TestFormerSlug(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"18 years or older": "years-or-older", "§ 4.2 Daten": "daten", "iv) Fees": "fees", " A. Cafe\u0301": "café", "1.": "1",
	} {
		if have := numbering.FormerSlug(title); have != want {
			t.Errorf("%q: have %q, want %q", title, have, want)
		}
	}
}
