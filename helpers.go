package syslog

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"strings"

	"github.com/callastar/syslog/internal/jsonenc"
)

// Info records something normal.
func (l *Logger) Info(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{typ}, actor: actor, message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// Warning records something unusual that broke nothing.
func (l *Logger) Warning(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	d := draft{level: LevelWarning, typ: [2]string{typ}, actor: actor, message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// Error records a failure.
func (l *Logger) Error(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	d := draft{level: LevelError, typ: [2]string{typ}, actor: actor, message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// Critical records something that needs a person now.
func (l *Logger) Critical(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	d := draft{level: LevelCritical, typ: [2]string{typ}, actor: actor, message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// AuthAction is what [Logger.Auth] records. Other values may be used.
type AuthAction string

// The usual actions of authentication.
const (
	AuthLogin         AuthAction = "LOGIN"
	AuthLogout        AuthAction = "LOGOUT"
	AuthRegister      AuthAction = "REGISTER"
	AuthPasswordReset AuthAction = "PASSWORD_RESET"
	AuthEmailVerify   AuthAction = "EMAIL_VERIFY"
)

// noun is the action as a message names it.
func (a AuthAction) noun() string {
	switch a {
	case AuthLogin:
		return "Login"
	case AuthLogout:
		return "Logout"
	case AuthRegister:
		return "Registration"
	case AuthPasswordReset:
		return "Password reset"
	case AuthEmailVerify:
		return "Email verification"
	}
	return string(a)
}

// Auth records AUTH_<action>: INFO, or WARNING when it failed, by the user, or by
// a guest when userID is "". It adds success.
func (l *Logger) Auth(ctx context.Context, action AuthAction, userID string, success bool, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"AUTH_", string(action)}, actor: User(userID)}
	d.message = [5]string{action.noun(), " of user ", userID, " succeeded"}
	if !success {
		d.level, d.message[3] = LevelWarning, " failed"
	}
	if userID == "" {
		d.actor, d.message[1] = Guest(), " of a guest"
	}
	d.add("success", slog.BoolValue(success))
	_ = l.record(ctx, &d, details)
}

// UserAction records USER_<action>, INFO, by the user.
func (l *Logger) UserAction(ctx context.Context, action, userID, message string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"USER_", action}, actor: User(userID), message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// CreatorAction records CREATOR_<action>, INFO, by the creator.
func (l *Logger) CreatorAction(ctx context.Context, action, creatorID, message string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"CREATOR_", action}, actor: Creator(creatorID), message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// AdminAction records ADMIN_<action>, INFO, by the admin.
func (l *Logger) AdminAction(ctx context.Context, action, adminID, message string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"ADMIN_", action}, actor: Admin(adminID), message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// System records SYSTEM_<action>, INFO, by the service itself.
func (l *Logger) System(ctx context.Context, action, message string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"SYSTEM_", action}, actor: System(), message: [5]string{message}}
	_ = l.record(ctx, &d, details)
}

// WebhookEvent records WEBHOOK_<source in upper case>, INFO, or ERROR when it
// failed, by the service. It adds eventType and success.
func (l *Logger) WebhookEvent(ctx context.Context, source, eventType string, success bool, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"WEBHOOK_", strings.ToUpper(cutText(source, MaxType))}, actor: System()}
	d.message = [5]string{"Webhook ", eventType, " from ", source, " handled"}
	if !success {
		d.level, d.message[4] = LevelError, " failed"
	}
	d.add("eventType", slog.StringValue(eventType))
	d.add("success", slog.BoolValue(success))
	_ = l.record(ctx, &d, details)
}

// APIError records API_ERROR, ERROR, by the actor; the zero Actor is the service.
// It adds endpoint, errorMessage, errorType and errorStack, which is where
// APIError was called from. A nil err is recorded as such.
func (l *Logger) APIError(ctx context.Context, endpoint string, err error, actor Actor, details ...Detail) {
	if l == nil {
		return
	}
	d := draft{level: LevelError, typ: [2]string{"API_ERROR"}, actor: actor}
	d.message = [5]string{"API error at ", endpoint}
	d.add("endpoint", slog.StringValue(endpoint))
	d.add("errorMessage", slog.StringValue(jsonenc.ErrorText(err)))
	d.add("errorType", slog.StringValue(errorType(err)))
	d.add("errorStack", slog.StringValue(stack()))
	_ = l.record(ctx, &d, details)
}

// stack is the calls that led to the helper, innermost first.
func stack() string {
	var pcs [24]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	var b strings.Builder
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, ownPackage) && f.Function != "" {
			b.WriteString(f.Function)
			b.WriteString("\n\t")
			b.WriteString(f.File)
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(f.Line))
			b.WriteByte('\n')
		}
		if !more {
			return b.String()
		}
	}
}

// ownPackage starts the names of this package's functions and methods, which
// say nothing in a stack.
const ownPackage = "github.com/callastar/syslog."
