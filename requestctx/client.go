package requestctx

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// peer is who is at the other end of the connection, if it has an address.
func (m *middleware) peer(r *http.Request) netip.Addr {
	addr, _ := parseAddr(r.RemoteAddr)
	return addr
}

// client is the address that the request came from: the nearest one, going back from
// the connection, that is no proxy of ours. What stands further left anybody may have
// written. Behind proxies alone it is the furthest of them.
func (m *middleware) client(r *http.Request, peer netip.Addr) netip.Addr {
	addr := peer
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && m.trusts(addr); i-- {
		next, ok := parseAddr(strings.TrimSpace(hops[i]))
		if !ok {
			break // a proxy that says no address: who it spoke with is not known
		}
		addr = next
	}
	return addr
}

func (m *middleware) trusts(addr netip.Addr) bool {
	for _, p := range m.trusted {
		if addr.IsValid() && p.Contains(addr) {
			return true
		}
	}
	return false
}

// parseAddr reads an address, with a port or without. An IPv4 address in the form of IPv6
// is the IPv4 one, and a zone is of no other machine's business.
func parseAddr(text string) (netip.Addr, bool) {
	host := text
	if h, _, err := net.SplitHostPort(text); err == nil {
		host = h
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

// parsePrefix reads a network, or an address, which is a network of one.
func parsePrefix(text string) (netip.Prefix, error) {
	if !strings.Contains(text, "/") {
		addr, err := netip.ParseAddr(text)
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), err
	}
	p, err := netip.ParsePrefix(text)
	if err == nil && p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), err
}

// traceID reads the header of W3C's Trace Context: of a version that is to come, the
// parts that this one has.
func traceID(r *http.Request) (id string, ok bool) {
	parts := strings.Split(r.Header.Get("Traceparent"), "-")
	if len(parts) < 4 || parts[0] == "00" && len(parts) != 4 || len(r.Header.Values("Traceparent")) != 1 {
		return "", false
	}
	version, id, parent, flags := parts[0], parts[1], parts[2], parts[3]
	switch {
	case !isHex(version, 2), version == "ff", !isHex(id, 32), !isHex(parent, 16), !isHex(flags, 2):
		return "", false
	case strings.Trim(id, "0") == "", strings.Trim(parent, "0") == "":
		return "", false
	}
	return id, true
}

// isHex reports whether s is n digits of a number in base 16, in lower case.
func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}
