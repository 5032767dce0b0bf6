package demo

import (
	"fmt"
	"strings"

	"github.com/callastar/syslog"
)

// person is somebody with an account.
type person struct {
	id, name, email string
	agent, ip       string
}

var fans = people("usr", "gmail.example",
	"Ada Moreau", "Chloé Lefèvre", "Oliver Smith", "Léo Girard", "Emma Johnson", "Inès Bernard", "Harry Wilson", "Zoé Fournier",
	"Noémie Rousseau", "Jack Taylor", "François Dubois", "Amelia Brown", "Théo Gauthier", "Isla Davies", "Maëlys Robin", "George Evans",
	"Raphaël Lambert", "Poppy Thomas", "Jérôme Faure", "Freya Roberts", "Océane Mercier", "Arthur Walker", "Anaïs Blanc", "Alfie Wright",
	"Loïc Garnier", "Sophie O’Connor", "Gaëlle Chevalier", "Oscar Hughes", "Hélène Perrin", "Grace Green")

var creators = people("cre", "callastar.example",
	"Zoé Marchand", "Tom Baker", "Éloïse Caron", "Lucy Harris", "Maxime Noël", "Ruby Clarke", "Béatrice Leroux", "Charlie Wood")

var admins = people("adm", "callastar.example", "Kim Laurent", "Grace Martin", "Benoît Hervé")

var agents = []string{
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
}

var plain = strings.NewReplacer("é", "e", "è", "e", "ë", "e", "É", "e", "ï", "i", "î", "i", "ô", "o", "ç", "c", "’", "", " ", ".")

func people(prefix, domain string, names ...string) (out []person) {
	for i, name := range names {
		out = append(out, person{
			id: fmt.Sprintf("%s_%05d", prefix, 101+i*37), name: name,
			email: strings.ToLower(plain.Replace(name)) + "@" + domain,
			agent: agents[(i*3+len(prefix))%len(agents)],
			ip:    fmt.Sprintf("203.0.113.%d", 10+i*7%240),
		})
	}
	return out
}

// fan is somebody who calls: a few of them often.
func (g *Generator) fan() person { return fans[g.often(len(fans))] }

func (g *Generator) creator() person { return creators[g.often(len(creators))] }

func (g *Generator) admin() person { return admins[g.rnd.IntN(len(admins))] }

// often is an index below n, small ones more often.
func (g *Generator) often(n int) int { return min(g.rnd.IntN(n), g.rnd.IntN(n)) }

// request is what a service knows of a request of theirs.
func (g *Generator) request(p person, route string) fields {
	method, _, _ := strings.Cut(route, " ")
	return fields{"requestId": "req_" + g.token(12), "ip": p.ip, "userAgent": p.agent, "method": method, "route": route}
}

const letters = "0123456789abcdefghijkmnpqrstuvwxyz"

// token is n characters of an ID.
func (g *Generator) token(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[g.rnd.IntN(len(letters))]
	}
	return string(b)
}

func (p person) fan() syslog.Actor     { return syslog.User(p.id) }
func (p person) creator() syslog.Actor { return syslog.Creator(p.id) }
func (p person) admin() syslog.Actor   { return syslog.Admin(p.id) }
