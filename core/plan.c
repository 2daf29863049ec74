/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/plan.h"

#include "core/assignment.h"
#include "core/error.h"
#include "core/json.h"
#include "core/qualification.h"
#include "core/sha256.h"

#include <math.h>
#include <string.h>

static json_t *
default_document (void)
{
  return json_pack ("{s:s, s:f, s:i, s:{s:f, s:f, s:f}, s:b, s:[], s:[]}", "schema", "assay.plan/1", "overlap", 0.2,
                    "annotators_per_overlap", 2, "split", "train", 0.8, "val", 0.1, "test", 0.1,
                    "settle_when_agreed", 0, "targets", "gate");
}

AssayPlan *
assay_plan_new (void)
{
  g_autoptr (json_t) document = default_document ();
  return assay_plan_from_json (document, NULL);
}

void
assay_plan_free (AssayPlan *plan)
{
  if (plan == NULL)
    return;
  json_decref (plan->targets);
  json_decref (plan->gate);
  json_decref (plan->document);
  g_free (plan);
}

static gboolean
bad (GError **error, const char *what)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading the plan: %s", what);
  return FALSE;
}

/* Absent keys keep what is in `ret_share`. */
static gboolean
read_share (const json_t *object, const char *key, double *ret_share, GError **error)
{
  g_autofree char *what = g_strdup_printf ("%s must be a number from 0 to 1", key);
  double share;
  if (json_object_get (object, key) == NULL)
    return TRUE;
  if (!assay_json_get_double (object, key, &share) || !(share >= 0 && share <= 1))
    return bad (error, what);
  *ret_share = share;
  return TRUE;
}

/* "again": {"share": 0.02, "days": 7} */
static gboolean
read_again (AssayPlan *plan, const json_t *again, GError **error)
{
  plan->again = ASSAY_PLAN_AGAIN;
  plan->again_days = ASSAY_PLAN_AGAIN_DAYS;
  if (again == NULL)
    return TRUE;
  if (!json_is_object (again))
    return bad (error, "again must be {\"share\": 0 to 1, \"days\": how many}");
  if (!read_share (again, "share", &plan->again, error))
    return FALSE;
  if (json_object_get (again, "days") != NULL
      && (!assay_json_get_double (again, "days", &plan->again_days) || !(plan->again_days >= 0)))
    return bad (error, "days of again must be a number of days");
  return TRUE;
}

static gboolean
read_split (AssayPlan *plan, const json_t *split, GError **error)
{
  if (split == NULL)
    return TRUE;
  plan->split_train = plan->split_val = plan->split_test = 0;
  if (!json_is_object (split) || !read_share (split, "train", &plan->split_train, error)
      || !read_share (split, "val", &plan->split_val, error)
      || !read_share (split, "test", &plan->split_test, error))
    return (error != NULL && *error != NULL) ? FALSE : bad (error, "split must be {\"train\", \"val\", \"test\"}");
  return fabs (plan->split_train + plan->split_val + plan->split_test - 1) < 1e-9
         || bad (error, "train, val and test of split must sum to 1");
}

static gboolean
read_list (const json_t *document, const char *key, json_t **ret_list, GError **error)
{
  json_t *list = json_object_get (document, key);
  g_autofree char *what = g_strdup_printf ("%s must be a list of objects", key);
  gsize i;
  json_t *one;
  if (list == NULL)
    {
      *ret_list = json_array ();
      return TRUE;
    }
  if (!json_is_array (list))
    return bad (error, what);
  json_array_foreach (list, i, one) if (!json_is_object (one)) return bad (error, what);
  *ret_list = json_deep_copy (list);
  return TRUE;
}

static gboolean
check_strings (const json_t *list, const char *what, GError **error)
{
  if (list != NULL && !json_is_array (list))
    return bad (error, what);
  for (gsize i = 0; i < json_array_size (list); i++)
    if (!json_is_string (json_array_get (list, i)))
      return bad (error, what);
  return TRUE;
}

static gboolean
check_capture (const json_t *capture, GError **error)
{
  const json_t *consent = json_object_get (capture, "consent");
  if (capture != NULL && !json_is_object (capture))
    return bad (error, "capture must be an object");
  if (consent != NULL && !json_is_boolean (consent))
    return bad (error, "consent of capture must be true or false");
  return check_strings (json_object_get (capture, "checklist"), "checklist of capture must be a list of texts", error)
         && check_strings (json_object_get (capture, "fields"), "fields of capture must be a list of names", error);
}

AssayPlan *
assay_plan_from_json (json_t *document, GError **error)
{
  g_autoptr (AssayPlan) plan = g_new0 (AssayPlan, 1);
  gint64 annotators = 2;
  plan->overlap = 0.2;
  plan->split_train = 0.8;
  plan->split_val = plan->split_test = 0.1;
  if (!json_is_object (document))
    {
      bad (error, "it must be an object");
      return NULL;
    }
  if (!read_share (document, "overlap", &plan->overlap, error)
      || !read_share (document, "audit", &plan->audit, error)
      || !read_again (plan, json_object_get (document, "again"), error)
      || !read_split (plan, json_object_get (document, "split"), error)
      || !read_list (document, "targets", &plan->targets, error)
      || !read_list (document, "gate", &plan->gate, error)
      || !check_capture (json_object_get (document, "capture"), error)
      || !check_strings (json_object_get (document, "quiet"), "quiet must be a list of names of checks", error) || !assay_assignment_check (document, error)
      || !assay_qualification_check (document, error))
    return NULL;
  if (json_object_get (document, "annotators_per_overlap") != NULL
      && (!assay_json_get_int (document, "annotators_per_overlap", &annotators) || annotators < 2
          || annotators > 100))
    {
      bad (error, "annotators_per_overlap must be a whole number from 2 to 100");
      return NULL;
    }
  plan->annotators_per_overlap = (guint) annotators;
  assay_json_get_double (document, "gold", &plan->gold);
  plan->settle_when_agreed = assay_json_get_bool (document, "settle_when_agreed");
  plan->document = json_deep_copy (document);
  return g_steal_pointer (&plan);
}

AssayPlan *
assay_plan_get (AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT id, document FROM plan_revision ORDER BY made_us DESC, id DESC LIMIT 1", ""))
    return NULL;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong == NULL)
        return assay_plan_new ();
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  const char *text = assay_rows_get_text (&rows, 1);
  g_autoptr (json_t) document = assay_json_parse (text, strlen (text), "the plan of the database", error);
  AssayPlan *plan = document != NULL ? assay_plan_from_json (document, error) : NULL;
  if (plan != NULL)
    plan->revision = assay_rows_get_id (&rows, 0);
  return plan;
}

/* The fields over what the document says: unknown keys stay. */
static void
write_document (AssayPlan *plan)
{
  json_t *split
      = json_pack ("{s:f, s:f, s:f}", "train", plan->split_train, "val", plan->split_val, "test", plan->split_test);
  json_object_set_new (plan->document, "schema", json_string ("assay.plan/1"));
  json_object_set_new (plan->document, "overlap", json_real (plan->overlap));
  json_object_set_new (plan->document, "annotators_per_overlap", json_integer (plan->annotators_per_overlap));
  json_object_set_new (plan->document, "split", split);
  json_object_set_new (plan->document, "settle_when_agreed", json_boolean (plan->settle_when_agreed));
  json_object_set_new (plan->document, "targets", json_deep_copy (plan->targets));
  json_object_set_new (plan->document, "gate", json_deep_copy (plan->gate));
}

gboolean
assay_plan_save (AssayStore *store, AssayPlan *plan, const AssayId *by_annotator, GError **error)
{
  write_document (plan);
  g_autoptr (AssayPlan) checked = assay_plan_from_json (plan->document, error);
  if (checked == NULL)
    return FALSE;
  g_autofree char *document = assay_json_canonical (plan->document);
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (AssayPlan) standing = assay_plan_get (store, error);
  if (standing == NULL)
    return FALSE;
  g_autofree char *before = assay_json_canonical (standing->document);
  if (!assay_id_is_nil (&standing->revision) && g_str_equal (before, document))
    {
      plan->revision = standing->revision;
      return TRUE;
    }
  AssayId id = assay_id_new ();
  if (!assay_store_run (
          store, NULL, error,
          "INSERT INTO plan_revision (id, parent, by_annotator, made_us, document) VALUES (?, ?, ?, ?, ?)", "IIIit",
          &id, &standing->revision, by_annotator, g_get_real_time (), document)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  plan->revision = id;
  return TRUE;
}

gboolean
assay_plan_is_overlap (const AssayPlan *plan, const AssayId *item)
{
  AssayId mark = assay_id_derive ("overlap", item->bytes, sizeof item->bytes);
  AssaySha256 hash = assay_sha256 (mark.bytes, sizeof mark.bytes);
  guint64 number = 0;
  for (guint i = 0; i < 8; i++)
    number = number << 8 | hash.bytes[i];
  return (double) (number >> 11) / (double) ((guint64) 1 << 53) < plan->overlap;
}

gboolean
assay_plan_needs_consent (const AssayPlan *plan)
{
  return json_is_true (json_object_get (json_object_get (plan->document, "capture"), "consent"));
}

const json_t *
assay_plan_get_checklist (const AssayPlan *plan)
{
  return json_object_get (json_object_get (plan->document, "capture"), "checklist");
}

const json_t *
assay_plan_get_fields (const AssayPlan *plan)
{
  return json_object_get (json_object_get (plan->document, "capture"), "fields");
}

gboolean
assay_plan_is_quiet (const AssayPlan *plan, const char *check)
{
  gsize i;
  json_t *one;
  json_array_foreach (json_object_get (plan->document, "quiet"), i, one) if (g_strcmp0 (json_string_value (one), check) == 0)
      return TRUE;
  return FALSE;
}

void
assay_plan_set_quiet (AssayPlan *plan, const char *check, gboolean quiet)
{
  gsize i;
  json_t *one, *list = json_array ();
  json_array_foreach (json_object_get (plan->document, "quiet"), i, one) if (g_strcmp0 (json_string_value (one), check) != 0)
      json_array_append (list, one);
  if (quiet)
    json_array_append_new (list, json_string (check));
  json_object_set_new (plan->document, "quiet", list);
}

gboolean
assay_target_meets (const json_t *target, const json_t *facts)
{
  const char *name;
  json_t *wanted;
  const json_t *conditions = json_object_get (facts, "conditions");
  json_object_foreach (json_object_get (target, "condition"), name, wanted)
  {
    const json_t *there = json_object_get (conditions, name);
    if (there == NULL || !json_equal (there, wanted))
      return FALSE;
  }
  return TRUE;
}

AssayTargetFit
assay_target_fit_class (const json_t *target, const json_t *facts)
{
  const char *class = assay_json_get_string (target, "class");
  const char *said = assay_json_get_string (json_object_get (facts, "conditions"), "class");
  if (class == NULL)
    return ASSAY_TARGET_FITS;
  if (said == NULL)
    return ASSAY_TARGET_UNTOLD;
  return g_str_equal (said, class) ? ASSAY_TARGET_FITS : ASSAY_TARGET_OTHER;
}
