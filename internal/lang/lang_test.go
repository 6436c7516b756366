package lang_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/lang"
)

// texts say the same in many languages: what a shop keeps about its customers.
var texts = map[string]string{
	"ar": "نحتفظ ببياناتك الشخصية طالما كان لديك حساب عندنا، ونخبرك بما نفعله بها. لا نبيع بياناتك لأي طرف آخر.",
	"bg": "Ние пазим личните ви данни, докато имате сметка при нас, и ви казваме какво правим с тях. Не продаваме вашите данни на други и не ги показваме, освен ако законът го изисква. Можете да поискате да ги изтрием.",
	"ca": "Guardem les dades que ens doneu mentre teniu un compte amb nosaltres, i us diem què en fem. No venem les vostres dades a altres empreses, i només les mostrem als jutges que ens ho demanen per una llei dels nostres països.",
	"cs": "Vaše údaje uchováváme, dokud u nás máte účet, a řekneme vám, co s nimi děláme. Údaje neprodáváme a nikomu je neukazujeme, pokud to není nutné pro splnění zákona. Můžete se na nás obrátit, nebo požádat o výmaz údajů, které jsou u nás uloženy.",
	"da": "Vi gemmer de oplysninger, som du giver os, så længe du har en konto hos os, og vi fortæller dig, hvad vi gør med dem. Vi sælger ikke dine oplysninger til andre, og vi viser dem kun, hvis loven kræver det af os.",
	"de": "Wir bewahren die Daten, die Sie uns geben, so lange auf, wie Ihr Konto besteht, und sagen Ihnen, was wir mit den Daten tun. Wir verkaufen sie nicht und zeigen sie niemandem, es sei denn, das Gesetz verlangt es von uns.",
	"el": "Κρατάμε τα δεδομένα που μας δίνετε για όσο έχετε λογαριασμό και σας λέμε τι κάνουμε με αυτά.",
	"en": "We keep the data that you give us for as long as your account is there, and we tell you what we do with it. We do not sell your data to others, and we show it to nobody unless the law of our country asks us to.",
	"es": "Guardamos los datos que usted nos da mientras tenga una cuenta con nosotros, y le decimos qué hacemos con ellos. No vendemos sus datos a otras empresas y no los mostramos a nadie, salvo que la ley nos lo pida por escrito.",
	"et": "Hoiame teie andmeid seni, kuni teil on meie juures konto, ja ütleme teile, mida me nendega teeme. Me ei müü teie andmeid ega näita neid kellelegi, kui see ei ole seaduse järgi vajalik. Teie võite paluda, et me oma andmed kustutame, või küsida, mis meil on.",
	"fa": "ما اطلاعات شخصی شما را تا زمانی که نزد ما حساب دارید نگه می‌داریم و به شما می‌گوییم که با آن چه می‌کنیم. اطلاعات شما را به دیگران نمی‌فروشیم.",
	"fi": "Säilytämme antamasi tiedot niin kauan kuin sinulla on tili meillä, ja kerromme, mitä teemme niillä. Emme myy sinun tietojasi muille, ja näytämme niitä vain, jos laki on sellainen, että se vaatii sitä. Voit myös pyytää, että poistamme tiedot.",
	"fr": "Nous gardons les données que vous nous donnez pendant la durée de votre compte, et nous vous disons ce que nous en faisons. Nous ne vendons pas vos données et nous ne les montrons à personne, sauf si une loi nous y oblige dans votre pays.",
	"he": "אנחנו שומרים את הנתונים שאתם נותנים לנו כל עוד יש לכם חשבון אצלנו, ואומרים לכם מה אנחנו עושים בהם.",
	"hi": "जब तक हमारे यहाँ आपका खाता है, हम आपका डेटा रखते हैं और आपको बताते हैं कि हम उसके साथ क्या करते हैं।",
	"hr": "Vaše podatke čuvamo dok imate račun kod nas i kažemo vam što s njima radimo. Ne prodajemo ih i ne pokazujemo ih nikome, ako to ne traži zakon. Možete tražiti da se podaci brišu, ili pitati koje podatke imamo i kako ih koristimo, a odgovor je u roku od mjesec dana.",
	"hu": "Az adatokat, amelyeket nekünk ad, addig őrizzük, amíg van nálunk egy fiókja, és megmondjuk, hogy mi történik az adatokkal. Nem adjuk el, és nem mutatjuk meg senkinek, ha ez nem kötelező a törvény szerint. Kérheti azt is, hogy töröljük, vagy hogy adjuk ki.",
	"id": "Kami menyimpan data yang Anda berikan kepada kami selama Anda memiliki akun, dan kami memberi tahu Anda apa yang kami lakukan dengan data ini. Kami tidak menjual data Anda kepada pihak lain atau menunjukkannya, kecuali jika diminta oleh hukum di negara kami.",
	"it": "Conserviamo i dati che ci date per la durata del vostro conto e vi diciamo che cosa ne facciamo. Non vendiamo i dati a terzi e non li mostriamo a nessuno, se non nel caso in cui una legge lo chiede. I dati della spedizione sono nostri e dei corrieri con cui lavoriamo.",
	"ja": "私たちはお客様のアカウントがある間、お客様のデータを保管し、その使い方をお知らせします。データを他社に販売しません。",
	"ko": "저희는 고객님의 계정이 있는 동안 데이터를 보관하며 그 데이터로 무엇을 하는지 알려 드립니다.",
	"lt": "Jūsų duomenis saugome tol, kol turite paskyrą, ir pasakome, ką su jais darome. Mes jų neparduodame ir niekam nerodome, jei to ne reikalauja įstatymas, kuris yra mūsų šalyje. Galite prašyti, kad mes juos ištrintume, arba klausti, kurie jūsų duomenys yra pas mus.",
	"lv": "Mēs glabājam jūsu datus, kamēr jums ir konts pie mums, un sakām, ko ar tiem darām. Mēs tos nepārdodam un nevienam nerādām, ja vien likums to neprasa no mums. Jūs varat lūgt, lai mēs jūsu datus dzēšam, vai jautāt, kas par jums ir zināms.",
	"nl": "Wij bewaren de gegevens die u ons geeft zolang u een account bij ons heeft, en zeggen u wat wij met de gegevens doen. Wij verkopen uw gegevens niet en tonen ze aan niemand, tenzij het voor de wet nodig is dat wij een deel van uw gegevens tonen.",
	"no": "Vi beholder de opplysningene som du gir oss, så lenge du har en konto hos oss, og vi forteller deg hva vi gjør med dem. Vi selger ikke dine opplysninger til andre, og vi viser dem bare hvis loven krever å få se dem av oss.",
	"pl": "Przechowujemy dane, które nam podajesz, tak długo, jak masz u nas konto, i mówimy, co z nimi robimy. Nie sprzedajemy danych i nie pokazujemy ich nikomu, o ile nie jest to wymagane przez prawo lub potrzebne do wysyłki. Dane są usuwane na prośbę.",
	"pt": "Guardamos os dados que você nos dá enquanto tiver uma conta, e dizemos o que fazemos com os dados. Não vendemos seus dados para outras empresas e não os mostramos a ninguém, a não ser que uma lei do país o exija. Os direitos são seus em todos os casos.",
	"ro": "Păstrăm datele pe care ni le dați cât timp aveți un cont la noi și vă spunem ce facem cu ele. Nu vindem datele și nu le arătăm nimănui, dacă nu este cerut de o lege din țara noastră. Puteți cere ștergerea datelor care sunt la noi sau o copie pentru dumneavoastră.",
	"ru": "Мы храним данные, которые вы нам даёте, пока у вас есть счёт, и говорим вам, что мы с ними делаем. Мы не продаём ваши данные и не показываем их никому, если это не требуется по закону. Вы можете попросить нас удалить данные или спросить, как мы их используем.",
	"sk": "Vaše údaje uchovávame, kým u nás máte účet, a povieme vám, čo s nimi robíme. Údaje nepredávame a nikomu ich neukazujeme, ak to nie je potrebné pre splnenie zákona. Môžete sa na nás obrátiť alebo požiadať o výmaz údajov, ktoré sú u nás uložené.",
	"sl": "Vaše podatke hranimo, dokler imate račun pri nas, in vam povemo, kaj z njimi delamo. Podatkov ne prodajamo in jih ne kažemo nikomur, če to ni nujno za izpolnitev zakona. Lahko prosite, da se podatki izbrišejo, ali vprašate, kateri so ti podatki, ki so pri nas.",
	"sv": "Vi sparar de uppgifter som du ger oss så länge du har ett konto hos oss, och vi berättar vad vi gör med dem. Vi säljer inte dina uppgifter till andra, och vi visar dem bara när lagen kräver det av oss. Du kan be oss att ta bort dem.",
	"th": "เราเก็บข้อมูลของคุณไว้ตราบเท่าที่คุณมีบัญชีกับเรา และเราบอกคุณว่าเราทำอะไรกับข้อมูลนั้น",
	"tr": "Bize verdiğiniz kişisel verileri hesabınız olduğu sürece saklar ve bu verilerle ne yaptığımızı size söyleriz. Verilerinizi satmayız ve bir yasa bunu istemedikçe kimseye göstermeyiz. Bu veriler biz ve kargo için gereklidir; silmek için bir istek veya bir mektup yeterlidir.",
	"uk": "Ми зберігаємо дані, що ви нам даєте, доки у вас є рахунок, і кажемо вам, що ми з ними робимо. Ми не продаємо ваші дані та не показуємо їх нікому, якщо це не потрібно за законом. Ви можете попросити нас видалити дані або спитати, як ми з ними працюємо.",
	"vi": "Chúng tôi giữ dữ liệu của bạn khi bạn có tài khoản, và cho bạn biết chúng tôi làm gì với dữ liệu. Chúng tôi không bán dữ liệu của bạn và không cho các công ty khác xem, trừ khi có luật yêu cầu.",
	"zh": "只要您在我们这里有账户，我们就会保留您的数据，并告诉您我们如何使用这些数据。我们不会出售您的数据。",
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for want, text := range texts {
		if have := lang.Detect([]byte("# 1. A\n\n" + text)); have != want {
			t.Errorf("Detect(%.40q...) = %q, want %q", text, have, want)
		}
	}
}

func TestDetectUnknown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "12 34 56", "Privacy", "Fernhill Instruments, 7 Mill Lane, Fernhill",
		texts["en"] + texts["de"] + texts["fr"],                // none is ahead
		"Մենք պահում ենք ձեր տվյալները, քանի դեռ ունեք հաշիվ։", // not listed
	} {
		if have := lang.Detect([]byte(text)); have != "" {
			t.Errorf("Detect(%.40q) = %q, want none", text, have)
		}
	}
}

// Every language in which a page can have the program's words is detected.
func TestDetectKnowsLocales(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("../locale/words")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		tag := strings.TrimSuffix(f.Name(), ".toml")
		if base := lang.Base(tag); texts[base] == "" && tag != "nb" { // nb is detected as no
			t.Errorf("no text in %s: add one here, and its function words", base)
		}
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"de": "de", "DE": "de", "de_DE": "de-DE", "pt-br": "pt-BR", "zh_Hant_TW": "zh-Hant-TW", "iw": "he",
		"us": "", "v2": "", "eu": "eu", "terms": "", "en-translation": "", "en-": "", "": "",
	} {
		if have := lang.Tag(s); have != want {
			t.Errorf("Tag(%q) = %q, want %q", s, have, want)
		}
	}
}

func ExampleDetect() {
	fmt.Println(lang.Detect([]byte("Wir sagen Ihnen, was wir mit den Daten tun, und geben sie nicht weiter.")))
	// Output: de
}
