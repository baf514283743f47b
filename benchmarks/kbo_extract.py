"""A made extract of KBO Open Data, of any size, with as many rows of each kind per enterprise as the real one.

The real one of October 2025 has, per enterprise: 18.7 activities, 1.7 names, 1.46 addresses, 0.86 establishments and
0.36 contacts; six of ten enterprises are legal persons here. Names are built as real ones are: a common trade, a family
name that some thousands share or few, a first name, an invented word. The same size gives the same extract.
"""

from __future__ import annotations

import random
from pathlib import Path

from portefeuille.core.formats import kbo_open_data as kbo


def _words(text: str) -> list[str]:
    return text.split()


TRADES = _words("""
Bakkerij Slagerij Garage Café Restaurant Apotheek Kapsalon Frituur Taverne Optiek Schrijnwerkerij
Bouwwerken Dakwerken Tuinaanleg Schilderwerken Transport Immo Studio Atelier Consult Advies
Boekhouding Advocatenkantoor Drukkerij Elektro Sanitair Verwarming Meubelen Interieur Mode Schoenen
Juwelier Bloemen Fietsen Autobedrijf Carwash Taxi Reizen Hotel Brasserie Traiteur Wijnhandel
Brouwerij Dierenarts Tandartsenpraktijk Kinesitherapie Architect Notaris Software Solutions Services
Group Invest Holding Management Trading Logistics Construct Projects Design Media Events Fitness
Boulangerie Boucherie Coiffure Librairie Pharmacie Menuiserie Toiture Entreprise
""")
FAMILIES = _words("""
Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters De Smet Dubois Lambert Dupont
Martin Hermans Aerts Michiels Pauwels Martens Desmet Vermeulen Verhoeven Coppens Hendrickx Stevens
Cools Declercq Bogaert Segers Vandamme Verstraete Lefebvre Leroy Simon Laurent Renard Dumont
François Gérard Petit Thomas Moreau Bertrand
""")
FIRST = _words("""
Jan Marie Jozef Anna Luc Els Marc Ann Peter Nathalie Tom Sofie Koen Katrien Bart Inge Dirk Griet
Kris Lies Pierre Anne Philippe Isabelle Michel Julie Nicolas Céline Mohamed Fatima Mehmet Ayşe Piotr
Agnieszka
""")
FORMS = ("610", "014", "015", "612", "706", "017")
TOWNS = [("9000", "Gent", "Gand"), ("2000", "Antwerpen", "Anvers"), ("1000", "Brussel", "Bruxelles")]
TOWNS += [("3000", "Leuven", "Louvain"), ("8000", "Brugge", "Bruges"), ("3500", "Hasselt", "Hasselt")]
TOWNS += [("4000", "Liège", "Liège"), ("5000", "Namur", "Namur"), ("8500", "Kortrijk", "Courtrai")]
TOWNS += [
    ("2800", "Mechelen", "Malines"),
    ("9300", "Aalst", "Alost"),
    ("9100", "Sint-Niklaas", "Saint-Nicolas"),
]
STREETS = (
    "Kerkstraat",
    "Stationsstraat",
    "Dorpsstraat",
    "Molenstraat",
    "Nieuwstraat",
    "Kortrijksesteenweg",
    "Veldweg",
)
NACE = [f"{division:02}{rest}" for division in range(1, 97) for rest in ("110", "201", "309")]
SYLLABLES = _words("""
ba be bo da de do fa fi ga go ka ko la le lo ma me mi mo na no pa pe ra re ro sa se ta te to va ve
vi zo
""")


def numbered(first: str, serial: int) -> str:
    """A number with its check digits, with dots as the KBO writes it."""
    base = f"{first}{serial:07d}"
    whole = f"{base}{97 - int(base) % 97:02d}"
    at = 4 if first in "01" else 1
    rest = whole[at:]
    return ".".join([whole[:at], *(rest[i : i + 3] for i in range(0, len(rest), 3))])


def write_extract(folder: Path, enterprises: int, *, number: int = 127, seed: int = 1) -> dict[str, int]:
    """Write the files; how many rows each has. Memory use doesn't grow with the size."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _Making(folder, random.Random(seed))
    write_meta(folder, number)
    for serial in range(1, enterprises + 1):
        made.enterprise(serial)
    made.close()
    return made.rows


def write_meta(folder: Path, number: int) -> None:
    """Give the extract a number."""
    said = [("SnapshotDate", "30-08-2024"), ("ExtractType", "full"), ("ExtractNumber", str(number))]
    lines = [kbo.META.header, *(f'"{name}","{value}"' for name, value in said)]
    (folder / "meta.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


class _Making:
    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder, self.dice = folder, dice
        self.files = {
            table.name: (folder / table.file_name).open("w", encoding="utf-8") for table in kbo.TABLES
        }
        for table in kbo.TABLES:
            self.files[table.name].write(table.header + "\n")
        self.rows = dict.fromkeys(self.files, 0)
        self.families = FAMILIES + [self.word(3) for _ in range(30_000)]

    def word(self, syllables: int) -> str:
        return "".join(self.dice.choices(SYLLABLES, k=syllables)).capitalize()

    def family(self) -> str:
        """Common names are common: the chance falls with the place on the list."""
        return self.families[int(len(self.families) ** self.dice.random() * 2) % len(self.families)]

    def put(self, name: str, row: str) -> None:
        self.files[name].write(row + "\n")
        self.rows[name] += 1

    def enterprise(self, serial: int) -> None:
        dice, number = self.dice, numbered("0", serial)
        natural = dice.random() < 0.4
        form = '"1",' if natural else f'"2","{dice.choice(FORMS)}"'
        self.put(
            "enterprise",
            f'"{number}","AC","000",{form},,{dice.randint(10, 28)}-0{dice.randint(1, 9)}-{dice.randint(1970, 2024)}',
        )
        self.names(number, natural)
        self.activities(number, 10 if natural else 16)
        if not natural:
            self.address(number, "REGO")
            if dice.random() < 0.6:
                self.put("contact", f'"{number}","ENT","EMAIL","info@{self.word(3).lower()}.example"')
        for place in range(2 if dice.random() < 0.02 else dice.random() < 0.84):
            self.establishment(number, f"{numbered('2', serial * 2 + place)}")

    def names(self, number: str, natural: bool) -> None:
        dice, trade, family = self.dice, self.dice.choice(TRADES), self.family()
        name = (
            f"{family}, {dice.choice(FIRST)}"
            if natural
            else dice.choice(
                (
                    f"{trade} {family}",
                    f"{family} {trade}",
                    f"{self.word(3)} {trade}",
                    self.word(4),
                    f"{trade} {dice.choice(FIRST)} {family} & Zonen",
                )
            )
        )
        self.put("denomination", f'"{number}","2","001","{name}"')
        if dice.random() < 0.4:
            self.put("denomination", f'"{number}","2","003","{self.word(2)} {trade}"')
        if dice.random() < 0.15:
            self.put("denomination", f'"{number}","2","002","{self.word(2).upper()}"')

    def address(self, entity: str, kind: str) -> None:
        zipcode, dutch, french = self.dice.choice(TOWNS) if self.dice.random() < 0.4 else self.village()
        street, house = self.dice.choice(STREETS), self.dice.randint(1, 300)
        self.put(
            "address",
            f'"{entity}","{kind}",,,"{zipcode}","{dutch}","{french}","{street}","{street}","{house}","","",',
        )

    def village(self) -> tuple[str, str, str]:
        number = int(self.dice.random() * 1000)
        first, second = divmod(number, len(SYLLABLES))
        name = f"{SYLLABLES[first]}{SYLLABLES[second]}gem".capitalize()
        return str(1500 + number * 8), name, name

    def activities(self, entity: str, about: int) -> None:
        for code in self.dice.choices(NACE, k=self.dice.randint(about // 2, about * 3 // 2)):
            version = self.dice.choice(("2003", "2008", "2008", "2025"))
            self.put(
                "activity", f'"{entity}","001","{version}","{code}","{self.dice.choice(("MAIN", "SECO"))}"'
            )

    def establishment(self, enterprise: str, number: str) -> None:
        self.put("establishment", f'"{number}",01-04-2015,"{enterprise}"')
        self.address(number, "BAET")
        self.activities(number, 6)
        if self.dice.random() < 0.2:
            self.put("denomination", f'"{number}","2","003","{self.word(3)}"')

    def close(self) -> None:
        for file in self.files.values():
            file.close()
