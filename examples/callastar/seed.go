package main

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// What anybody may read in a public example. A real service has no such list.
const demoStripeSecret = "whsec_demo"

// demoCronSecret is the scheduler's, likewise.
const demoCronSecret = "cron_demo"

var demoUsers = []struct{ id, email, role, password string }{
	{"usr_ada", "ada@example.com", roleUser, "correct horse"},
	{"cre_zoe", "zoe@example.com", roleCreator, "battery staple"},
	{"adm_kim", "kim@example.com", roleAdmin, "kim signs payouts"},
}

// seed fills a new database, so that there is something to try.
func (a *app) seed() error {
	return a.gorm.Transaction(func(tx *gorm.DB) error {
		var users int64
		if err := tx.Model(&User{}).Count(&users).Error; err != nil || users > 0 {
			return err
		}
		for _, u := range demoUsers {
			hash, err := hashPassword(u.password, a.iterations)
			if err != nil {
				return err
			}
			if err := tx.Create(&User{u.id, u.email, u.role, hash}).Error; err != nil {
				return err
			}
		}
		tomorrow := a.now().Add(24 * time.Hour).UTC().Truncate(time.Hour)
		for _, row := range []any{
			&[]CallOffer{
				{"off_1", "cre_zoe", 5000, "EUR", tomorrow},
				{"off_2", "cre_zoe", 8000, "EUR", tomorrow.Add(time.Hour)},
			},
			&[]Payment{{"pi_3OaTkL2eZvKYlo2C1QxW8mNp", "usr_ada", 5000, "EUR", "INITIATED"}},
			&[]Payout{
				{"po_1", "cre_zoe", 50000, "EUR", payoutRequested},
				{"po_1OaTq82eZvKYlo2CbH4sYtRu", "cre_zoe", 12050, "EUR", payoutApproved},
			},
		} {
			if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
