package admin

import "github.com/callastar/syslog"

// levelTexts and actorTexts are what they mean.
var (
	levelTexts = map[syslog.LogLevel]string{
		syslog.LevelInfo: "meaning.INFO", syslog.LevelWarning: "meaning.WARNING", syslog.LevelError: "meaning.ERROR", syslog.LevelCritical: "meaning.CRITICAL",
	}
	actorTexts = map[syslog.LogActor]string{
		syslog.ActorUser: "meaning.USER", syslog.ActorCreator: "meaning.CREATOR", syslog.ActorAdmin: "meaning.ADMIN", syslog.ActorSystem: "meaning.SYSTEM", syslog.ActorGuest: "meaning.GUEST",
	}
)

// levelMeaning is what a level means, and how long its events are kept: "ERROR — something failed
// (kept: 90 days)".
func (h *Handler) levelMeaning(v voice, level syslog.LogLevel) string {
	name := level.String()
	return v.say("meaning.kept", name, v.say(levelTexts[level]), h.kept(v, level))
}

// kept is how long events of a level are.
func (h *Handler) kept(v voice, level syslog.LogLevel) string {
	if age, finite := h.logger.Retention().Age(level); finite {
		return v.kept(age)
	}
	return v.say("retention.forever")
}

// actorMeaning is what a kind of actor is: "USER — user (customer)".
func actorMeaning(v voice, actor syslog.LogActor) string {
	if means := meansActor(v, actor); means != "" {
		return v.say("meaning.says", string(actor), means)
	}
	return plainly(string(actor))
}

// meansActor is "" of the kinds that other programs have.
func meansActor(v voice, actor syslog.LogActor) string {
	if key := actorTexts[actor]; key != "" {
		return v.say(key)
	}
	return ""
}

// meanings are the levels and kinds of actors, for those who wonder.
type meanings struct{ Levels, Actors []meaning }

type meaning struct{ Value, Text, Kept string }

func (h *Handler) meanings(v voice) (m meanings) {
	for _, level := range syslog.Levels() {
		name := level.String()
		m.Levels = append(m.Levels, meaning{name, v.say(levelTexts[level]), h.kept(v, level)})
	}
	for _, actor := range syslog.Actors() {
		m.Actors = append(m.Actors, meaning{Value: string(actor), Text: v.say(actorTexts[actor])})
	}
	return m
}
