from django.db import migrations, models

# As clinics.card_rows had it that day: lists are read from these rows from the moment the new version answers.
FILL = """
    INSERT INTO clinics_searchcard (clinic_id, facts)
    SELECT c.id, (SELECT row_to_json(f) FROM (SELECT
        c.name AS name, c.slug AS slug, c.street AS street, c.postcode_id AS postcode, p.town AS town,
        c.location_precision AS precision, c.phone AS phone, c.is_example AS is_example, c.confirmed_at AS confirmed_at,
        c.has_ydernummer AS has_ydernummer, c.waiting_days AS waiting_days, c.waiting_stated_on AS waiting_stated_on,
        c.closed_on_holidays AS closed_on_holidays, c.sort_name AS sort_name,
        (SELECT min(x.amount)::text FROM clinics_price x
            WHERE x.clinic_id = c.id AND x.kind = 'follow_up') AS price_follow_up,
        (SELECT json_agg(json_build_array(x.weekday, x.opens, x.closes) ORDER BY x.weekday, x.opens, x.closes)
            FROM clinics_openinghours x WHERE x.clinic_id = c.id AND x.kind = 'treatment') AS hours,
        (SELECT json_agg(json_build_array(x.first_day, x.last_day, x.opens, x.closes) ORDER BY x.first_day, x.id)
            FROM clinics_openingexception x WHERE x.clinic_id = c.id AND x.kind = 'treatment') AS exceptions,
        (SELECT json_agg(json_build_array(w.name, o.kind, o.term, o.grade, o.basis)
                ORDER BY w.position, w.id, o.kind, o.term)
            FROM (SELECT x.practitioner_id, 'speciality' AS kind, x.speciality_id AS term, x.grade, x.basis
                FROM clinics_clinicspeciality x WHERE x.clinic_id = c.id AND x.basis <> 'suggested'
                UNION ALL SELECT x.practitioner_id, 'treatment', x.treatment_id, x.grade, x.basis
                FROM clinics_clinictreatment x WHERE x.clinic_id = c.id AND x.basis <> 'suggested') o
            JOIN clinics_practitioner w ON w.id = o.practitioner_id AND w.is_restricted IS NOT TRUE) AS people
    ) f)::text
    FROM clinics_clinic c JOIN clinics_postcode p ON p.code = c.postcode_id
    WHERE c.status = 'published'"""


class Migration(migrations.Migration):
    dependencies = [("clinics", "0013_intake")]
    operations = [
        migrations.CreateModel(
            name="SearchCard",
            fields=[
                (
                    "clinic",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="search_card",
                        serialize=False,
                        to="clinics.clinic",
                    ),
                ),
                ("facts", models.TextField()),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
