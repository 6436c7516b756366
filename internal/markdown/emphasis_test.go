package markdown_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
)

func TestEmphasis(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"我们**不会（在任何情况下）**出售数据。", "我们<strong>不会（在任何情况下）</strong>出售数据。"},
		{"**「重要」**：请阅读", "<strong>「重要」</strong>：请阅读"},
		{"费用为**¥100**元", "费用为<strong>¥100</strong>元"},
		{"**第1条。**目的", "<strong>第1条。</strong>目的"},
		{"当社は**個人情報（氏名等）**を取得", "当社は<strong>個人情報（氏名等）</strong>を取得"},
		{"*注意！*必ず", "<em>注意！</em>必ず"},
		{"데이터는 **보관(30일)**됩니다", "데이터는 <strong>보관(30일)</strong>됩니다"},
		{"**\"중요\"**입니다", "<strong>&quot;중요&quot;</strong>입니다"},
		{"葛\U000E0100**(城)**市", "葛\U000E0100<strong>(城)</strong>市"},
		{"見出し：__注意__", "見出し：<strong>注意</strong>"},
		{"a**(b)**c", "a**(b)**c"},
		{"a**😀**b", "a**😀**b"},
		{"snake_case_name", "snake_case_name"},
		{"3~5 days, in rare cases 7~10 days", "3~5 days, in rare cases 7~10 days"},
		{"约3~5天，最多7~10天", "约3~5天，最多7~10天"},
		{"3〜5日 ~7~ 10日", "3〜5日 ~7~ 10日"},
		{"배송은 3~5일, 최대 7~10일", "배송은 3~5일, 최대 7~10일"},
		{"ราคา 5~10 บาท และ 7~9 บาท", "ราคา 5~10 บาท และ 7~9 บาท"},
		{"Dauer ~3 Tage, Preis ~7 EUR", "Dauer ~3 Tage, Preis ~7 EUR"},
		{"~/.profile ou ~/.bashrc", "~/.profile ou ~/.bashrc"},
		{"a~b~c~d", "a~b~c~d"},
		{"~a~ ~~b~~ ~~~c~~~ d", "~a~ <s>b</s> ~~~c~~~ d"},
		{"~~削除（済）~~です", "<s>削除（済）</s>です"},
		{"**a** *b* ***c***", "<strong>a</strong> <em>b</em> <em><strong>c</strong></em>"},
	} {
		html, plain := page(t, c.text+"\n", markdown.Rules{})
		if have := strings.TrimSpace(html); have != "<p>"+c.want+"</p>" {
			t.Errorf("%q\n\thave %s\n\twant <p>%s</p>", c.text, have, c.want)
		}
		if strings.Contains(c.want, "~") && !strings.Contains(plain, "~") {
			t.Errorf("%q: the tilde is not in the plain text %q", c.text, plain)
		}
	}
}
