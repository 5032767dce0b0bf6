package syslog

import "context"

// LogInfo is [Logger.Info] of the default logger, see [SetDefault].
func LogInfo(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	Default().Info(ctx, typ, actor, message, details...)
}

// LogWarning is [Logger.Warning] of the default logger, see [SetDefault].
func LogWarning(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	Default().Warning(ctx, typ, actor, message, details...)
}

// LogError is [Logger.Error] of the default logger, see [SetDefault].
func LogError(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	Default().Error(ctx, typ, actor, message, details...)
}

// LogCritical is [Logger.Critical] of the default logger, see [SetDefault].
func LogCritical(ctx context.Context, typ string, actor Actor, message string, details ...Detail) {
	Default().Critical(ctx, typ, actor, message, details...)
}

// LogAuth is [Logger.Auth] of the default logger, see [SetDefault].
func LogAuth(ctx context.Context, action AuthAction, userID string, success bool, details ...Detail) {
	Default().Auth(ctx, action, userID, success, details...)
}

// LogUserAction is [Logger.UserAction] of the default logger, see [SetDefault].
func LogUserAction(ctx context.Context, action, userID, message string, details ...Detail) {
	Default().UserAction(ctx, action, userID, message, details...)
}

// LogCreatorAction is [Logger.CreatorAction] of the default logger, see [SetDefault].
func LogCreatorAction(ctx context.Context, action, creatorID, message string, details ...Detail) {
	Default().CreatorAction(ctx, action, creatorID, message, details...)
}

// LogAdminAction is [Logger.AdminAction] of the default logger, see [SetDefault].
func LogAdminAction(ctx context.Context, action, adminID, message string, details ...Detail) {
	Default().AdminAction(ctx, action, adminID, message, details...)
}

// LogSystem is [Logger.System] of the default logger, see [SetDefault].
func LogSystem(ctx context.Context, action, message string, details ...Detail) {
	Default().System(ctx, action, message, details...)
}

// LogBooking is [Logger.Booking] of the default logger, see [SetDefault].
func LogBooking(ctx context.Context, action BookingAction, bookingID, userID, creatorID string, details ...Detail) {
	Default().Booking(ctx, action, bookingID, userID, creatorID, details...)
}

// LogPaymentEvent is [Logger.PaymentEvent] of the default logger, see [SetDefault].
func LogPaymentEvent(ctx context.Context, action PaymentAction, paymentID, userID string, amount float64, currency string, details ...Detail) {
	Default().PaymentEvent(ctx, action, paymentID, userID, amount, currency, details...)
}

// LogPayoutEvent is [Logger.PayoutEvent] of the default logger, see [SetDefault].
func LogPayoutEvent(ctx context.Context, action PayoutAction, payoutID, creatorID string, amount float64, currency string, details ...Detail) {
	Default().PayoutEvent(ctx, action, payoutID, creatorID, amount, currency, details...)
}

// LogWebhookEvent is [Logger.WebhookEvent] of the default logger, see [SetDefault].
func LogWebhookEvent(ctx context.Context, source, eventType string, success bool, details ...Detail) {
	Default().WebhookEvent(ctx, source, eventType, success, details...)
}

// LogAPIError is [Logger.APIError] of the default logger, see [SetDefault].
func LogAPIError(ctx context.Context, endpoint string, err error, actor Actor, details ...Detail) {
	Default().APIError(ctx, endpoint, err, actor, details...)
}

// LogModerationAction is [Logger.ModerationAction] of the default logger, see [SetDefault].
func LogModerationAction(ctx context.Context, action, moderatorID, targetID, message string, details ...Detail) {
	Default().ModerationAction(ctx, action, moderatorID, targetID, message, details...)
}

// LogConfigChange is [Logger.ConfigChange] of the default logger, see [SetDefault].
func LogConfigChange(ctx context.Context, key, adminID string, old, new any, details ...Detail) {
	Default().ConfigChange(ctx, key, adminID, old, new, details...)
}

// LogDataMigration is [Logger.DataMigration] of the default logger, see [SetDefault].
func LogDataMigration(ctx context.Context, name string, success bool, details ...Detail) {
	Default().DataMigration(ctx, name, success, details...)
}

// LogDataExport is [Logger.DataExport] of the default logger, see [SetDefault].
func LogDataExport(ctx context.Context, subjectID, adminID string, details ...Detail) {
	Default().DataExport(ctx, subjectID, adminID, details...)
}
