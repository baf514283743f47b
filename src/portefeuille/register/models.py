"""The register of enterprises as the KBO publishes it, row for row, and the lists of activity codes.

No table refers to another by a foreign key: the register is loaded in bulk, file by file, and a row of one
file may name an entity that another file lacks. Numbers are ten digits without dots; codes are the KBO's own.
Fields stand in the order of the columns of the files: the load copies rows as they are.

A row of these files is all that it says and has no number of its own: its key is every column, for the framework's sake
and without an index. Forty million rows would carry forty million numbers that nobody asks for.

A full extract is loaded beside these tables, into tables that then take their place (see migration 0003): rights and
indexes go over to the new ones, foreign keys and triggers would not.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

_NUMBER = {"max_length": 10}


class Enterprise(models.Model):
    """An enterprise. ``kind``: 1 is a natural, 2 a legal person; a natural person has no legal form.

    ``ceased_on`` is ours: the day of the first extract that no longer shows it. The KBO publishes only what is active,
    so such an enterprise keeps what was last known of it. ``from_extract`` is false for one that we added ourselves.
    """

    number = models.CharField(**_NUMBER, primary_key=True)
    status = models.CharField(max_length=5)
    situation = models.CharField(max_length=3)
    kind = models.CharField(max_length=1)
    legal_form = models.CharField(max_length=3, blank=True)
    legal_form_cac = models.CharField(
        max_length=3, blank=True, help_text="how an old form is to be read under the code of companies"
    )
    start_date = models.DateField()
    ceased_on = models.DateField(null=True)
    from_extract = models.BooleanField(db_default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["number"], name="enterprise_ceased", condition=models.Q(ceased_on__isnull=False)
            )
        ]


class Establishment(models.Model):
    """A place where an enterprise works (vestigingseenheid)."""

    number = models.CharField(**_NUMBER, primary_key=True)
    start_date = models.DateField()
    enterprise_number = models.CharField(**_NUMBER)

    class Meta:
        indexes = [models.Index(fields=["enterprise_number"], name="establishment_of_enterprise")]


class Denomination(models.Model):
    """A name of an enterprise, establishment or branch."""

    pk = models.CompositePrimaryKey("entity_number", "language", "kind", "name")
    entity_number = models.CharField(**_NUMBER)
    language = models.CharField(max_length=1)
    kind = models.CharField(max_length=3)
    name = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["entity_number"], name="denomination_of_entity")]


class Address(models.Model):
    """Where a seat, establishment or branch is. No country means Belgium."""

    pk = models.CompositePrimaryKey(
        "entity_number",
        "kind",
        "country_nl",
        "country_fr",
        "zipcode",
        "municipality_nl",
        "municipality_fr",
        "street_nl",
        "street_fr",
        "house_number",
        "box",
        "extra",
    )
    entity_number = models.CharField(**_NUMBER)
    kind = models.CharField(max_length=5)
    country_nl = models.TextField(blank=True)
    country_fr = models.TextField(blank=True)
    zipcode = models.TextField(blank=True)
    municipality_nl = models.TextField(blank=True)
    municipality_fr = models.TextField(blank=True)
    street_nl = models.TextField(blank=True)
    street_fr = models.TextField(blank=True)
    house_number = models.TextField(blank=True)
    box = models.TextField(blank=True)
    extra = models.TextField(blank=True)
    struck_off_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["entity_number"], name="address_of_entity")]


class Contact(models.Model):
    """A telephone number, mail address or web site."""

    pk = models.CompositePrimaryKey("entity_number", "entity_kind", "kind", "value")
    entity_number = models.CharField(**_NUMBER)
    entity_kind = models.CharField(max_length=5)
    kind = models.CharField(max_length=5)
    value = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["entity_number"], name="contact_of_entity")]


class Activity(models.Model):
    """What an enterprise or establishment does. A code means nothing without its version of NACE-BEL."""

    pk = models.CompositePrimaryKey("entity_number", "group", "nace_version", "nace_code", "classification")
    entity_number = models.CharField(**_NUMBER)
    group = models.CharField(max_length=3)
    nace_version = models.CharField(max_length=4)
    nace_code = models.CharField(max_length=7)
    classification = models.CharField(max_length=5)

    class Meta:
        indexes = [models.Index(fields=["entity_number"], name="activity_of_entity")]


class Branch(models.Model):
    """A branch of a foreign entity; the KBO calls these numbers unofficial."""

    number = models.CharField(**_NUMBER, primary_key=True)
    start_date = models.DateField()
    enterprise_number = models.CharField(**_NUMBER)

    class Meta:
        indexes = [models.Index(fields=["enterprise_number"], name="branch_of_enterprise")]


class NaceCode(models.Model):
    """What an activity code means, in Dutch."""

    version = models.CharField(max_length=4)
    code = models.CharField(max_length=7)
    label = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="nace_code_once_per_version")]


class Code(models.Model):
    """What a code of the KBO means, in each language, as the last extract with a list of codes said."""

    category = models.TextField()
    code = models.TextField()
    language = models.CharField(max_length=2)
    description = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["category", "code"], name="code_in_category")]


class SearchEntry(models.Model):
    """An enterprise as people look for it: kept by whatever changes the tables above, read by the search alone.

    ``plain`` is the best name without accents, capitals and signs. ``words`` holds the plain words of all names, and
    those of the places of seat and establishments, with their postcodes, behind an ``@``.
    """

    number = models.CharField(**_NUMBER, primary_key=True)
    name = models.TextField()
    plain = models.TextField(db_collation="C")
    place = models.TextField()
    words = SearchVectorField()

    class Meta:
        indexes = [
            models.Index(fields=["plain"], name="search_entry_by_name"),
            GinIndex(fields=["words"], name="search_entry_by_word"),
        ]


class SearchWord(models.Model):
    """A word that stands in a name: where a mistyped one finds what was meant. Once here, it stays until the next full
    extract.
    """

    word = models.TextField(primary_key=True, db_collation="C")

    class Meta:
        indexes = [GinIndex(fields=["word"], name="search_word_alike", opclasses=["gin_trgm_ops"])]


class Extract(models.Model):
    """An extract that was loaded, with the number of rows per file."""

    number = models.IntegerField(primary_key=True)
    kind = models.CharField(max_length=6, choices=[("full", "full"), ("update", "update")])
    snapshot_on = models.DateField()
    loaded_at = models.DateTimeField()
    rows = models.JSONField()
