package shop

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// What an attacker is after. Play looks for these in answers.
const (
	// CardNumber is in the users table.
	CardNumber = "4929-5550-1234-0077"
	// HiddenProduct is not for sale yet.
	HiddenProduct = "Prototype Ski X"
	// FileSecret is in a file beside the public directory.
	FileSecret = "backup-passphrase: tundra-otter-41"
	// TemplateSecret is among the data of the card template.
	TemplateSecret = "signing-key-9d27c1"
	// InternalSecret is what the internal service tells those who reach it.
	InternalSecret = "internal-token-55e0b7"
	// AdminWelcome greets whoever logs in as the administrator.
	AdminWelcome = "welcome back, admin"
)

const schema = `
create table products (id integer primary key, name text, description text, price integer, hidden integer);
create table users (id integer primary key, name text, password text, card text);
create table reviews (id integer primary key, product integer, author text, text text);
create table orders (id integer primary key, customer text, body text);
insert into users (name, password, card) values ('admin', 'correct horse', '` + CardNumber + `'), ('ann', 'hunter2', '4111-0000-2222-0001');
insert into products (name, description, price, hidden) values
 ('Trail Shoes', 'light shoes for rough ground', 8900, 0), ('Rain Jacket', 'dry to 20,000 mm', 12900, 0),
 ('O''Neill Wetsuit', '4/3 mm, sealed seams', 21900, 0), ('Camp Stove', 'boils 1 l in 3 minutes', 5400, 0),
 ('Head Torch', '400 lumen & red light', 3900, 0), ('Map Case', 'A4 <waterproof>', 1200, 0),
 ('Sleeping Bag', 'down, comfort -5 degrees', 18900, 0), ('` + HiddenProduct + `', 'not announced', 99900, 1);
insert into reviews (product, author, text) values (1, 'Ann', 'Good grip, runs small.'), (2, 'Bob', 'Survived a week in Wales.');
`

// openStore makes a fresh database and the files below dir.
func openStore(dir string) (*sql.DB, error) {
	public := filepath.Join(dir, "public")
	if err := os.MkdirAll(public, 0o700); err != nil {
		return nil, fmt.Errorf("shop files: %w", err)
	}
	files := map[string]string{
		"public/manual.txt":     "How to waterproof your jacket: wash, dry, spray, dry.\n",
		"public/size-chart.txt": "EU 38 39 40 41 42 43\nUK 5 6 6.5 7.5 8 9\n",
		"public/returns.txt":    "Within 30 days, unworn, with receipt.\n",
		"secret.txt":            FileSecret + "\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("shop files: %w", err)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "shop.db"))
	if err != nil {
		return nil, fmt.Errorf("shop database: %w", err)
	}
	db.SetMaxOpenConns(1) // a demo needs no more, and SQLite locks anyway
	if _, err := db.Exec(schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("shop schema: %w", err)
	}
	return db, nil
}
