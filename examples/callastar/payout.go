package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// approvePayout: POST /api/admin/payouts/{id}/approve.
func (a *app) approvePayout(w http.ResponseWriter, r *http.Request, who session) {
	id := r.PathValue("id")
	p, err := a.approve(r.Context(), id)
	if err != nil {
		a.approvalFailed(w, r, who, id, err)
		return
	}
	a.logger.AdminAction(r.Context(), "PAYOUT_APPROVED", who.userID, "Admin approved payout "+id,
		syslog.Metadata{"payoutId": id, "creatorId": p.CreatorID, "amount": amount(p.Cents), "currency": p.Currency})
	a.logger.PayoutEvent(r.Context(), syslog.PayoutApproved, id, p.CreatorID, amount(p.Cents), p.Currency,
		syslog.Metadata{"approvedBy": who.userID})
	reply(w, http.StatusOK, map[string]any{"success": true, "payout": p})
}

// approvalFailed logs a refusal as a warning, and what nobody expected as what it
// is: money is waiting, and a person has to look.
func (a *app) approvalFailed(w http.ResponseWriter, r *http.Request, who session, id string, err error) {
	level, status, message := syslog.LevelCritical, http.StatusInternalServerError, "approval failed"
	if no, ok := errors.AsType[refusal](err); ok {
		level, status, message = syslog.LevelWarning, no.status, no.message
	}
	a.logger.AdminAction(r.Context(), "PAYOUT_APPROVAL_FAILED", who.userID, "Failed to approve payout "+id,
		syslog.AtLevel(level), syslog.Metadata{"payoutId": id, "errorMessage": err.Error()})
	fail(w, status, message)
}

// approve changes the state if it is REQUESTED still, so that of two approvals at
// once one is refused.
func (a *app) approve(ctx context.Context, id string) (p Payout, err error) {
	err = a.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Take(&p, "id = ?", id).Error; errors.Is(err, gorm.ErrRecordNotFound) {
			return refusal{http.StatusNotFound, "no such payout"}
		} else if err != nil {
			return err
		}
		res := tx.Model(&p).Where("status = ?", payoutRequested).Update("status", payoutApproved)
		if res.Error == nil && res.RowsAffected == 0 {
			return refusal{http.StatusConflict, "the payout is not waiting for approval"}
		}
		return res.Error
	})
	return p, err
}
