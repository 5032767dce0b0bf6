package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"time"
)

// process is a server that runs.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
}

// run starts a server and waits until it answers at dsn. What it prints goes to a
// file: a pipe would be held open by its children.
func run(cmd *exec.Cmd, log, dsn string, end time.Time) (*process, error) {
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd, make(chan struct{})}
	go func() {
		defer close(p.gone)
		_ = cmd.Wait()
	}()
	if err := p.ready(dsn, end); err != nil {
		_ = cmd.Process.Kill()
		<-p.gone
		text, _ := os.ReadFile(log)
		return nil, fmt.Errorf("%w: %s", err, text)
	}
	return p, nil
}

// ready waits until the server answers.
func (p *process) ready(dsn string, end time.Time) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	ctx, cancel := context.WithDeadline(context.Background(), end)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		select {
		case <-p.gone:
			return errors.Join(errors.New("it ended"), err)
		default:
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		<-tick.C
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
