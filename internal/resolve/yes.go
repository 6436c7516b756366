package resolve

import "strings"

// yesNo returns the word for true or false in a language, or the English word if the
// language is not listed.
func yesNo(lang string, yes bool) string {
	base, _, _ := strings.Cut(lang, "-")
	words := "Yes No"
	const list = `ar نعم لا|bg Да Не|ca Sí No|cs Ano Ne|cy Ie Na|da Ja Nej|de Ja Nein|el Ναι Όχι|en Yes No|es Sí No|` +
		`et Jah Ei|fa بله خیر|fi Kyllä Ei|fr Oui Non|ga Tá Níl|he כן לא|hi हाँ नहीं|hr Da Ne|hu Igen Nem|id Ya Tidak|` +
		`is Já Nei|it Sì No|ja はい いいえ|ko 예 아니요|lt Taip Ne|lv Jā Nē|mt Iva Le|nb Ja Nei|nl Ja Nee|no Ja Nei|` +
		`pl Tak Nie|pt Sim Não|ro Da Nu|ru Да Нет|sk Áno Nie|sl Da Ne|sv Ja Nej|tr Evet Hayır|uk Так Ні|` +
		`vi Có Không|zh 是 否`
	for entry := range strings.SplitSeq(list, "|") {
		if tag, own, _ := strings.Cut(entry, " "); tag == base {
			words = own
		}
	}
	first, second, _ := strings.Cut(words, " ")
	if yes {
		return first
	}
	return second
}
