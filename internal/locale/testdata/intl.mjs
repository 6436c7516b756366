// Writes what ICU makes of dates and numbers, for TestIntl to compare with:
//
//	node intl.mjs > intl.txt
//
// Each line is a tag, a day or a number, and the text, with tabs between them.
// The days are the 12 months of 2026, on changing days of the month.
//
// Node's engine puts a plain space where CLDR has U+202F, and invisible marks
// of direction are none of our business; the test knows of both.

const tags = `en en-US en-GB en-AU en-CA en-IE en-NZ en-IN en-ZA en-150
  de de-AT de-CH fr fr-CA fr-CH es es-MX es-US es-419 it it-CH nl nl-BE pt pt-BR pt-PT
  pl sv da nb nn no fi cs sk hu ro el tr uk ru bg hr sl et lv lt ca
  ar ar-EG ar-SA ar-AE ar-MA ar-LB he fa ur ur-IN ja zh zh-CN zh-TW zh-HK zh-Hant ko
  hi mr bn ne ta te th my id ms vi yo
  sr sr-Latn sr-ME uz uz-Cyrl pa pa-PK eu ga cy is mt sq mk ka hy kk az be af sw ckb`

console.log(`# ICU ${process.versions.icu}, CLDR ${process.versions.cldr}; made by intl.mjs`)
for (const tag of tags.split(/\s+/)) {
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'long', calendar: 'gregory', timeZone: 'UTC' })
  for (let m = 0; m < 12; m++) {
    const day = new Date(Date.UTC(2026, m, [1, 2, 22, 8, 11, 30][m % 6]))
    console.log([tag, day.toISOString().slice(0, 10), date.format(day)].join('\t'))
  }
  const number = new Intl.NumberFormat(tag)
  for (const n of [0, 492, 1234, 12345, 1234567]) console.log([tag, n, number.format(n)].join('\t'))
}
