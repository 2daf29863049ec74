/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/take-form.h"

#include "app/gui/even-layout.h"
#include "app/gui/form-field.h"
#include "core/json.h"
#include "core/plan.h"

#include <string.h>

#define LOOKED_AT "100" /* recordings, the last ones, whose words are offered */
#define CHOICES_MOST 12
#define COLUMNS_LEAST 5

struct _AssayTakeForm
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL without a project */
  gboolean reading, again, needs_consent;
  GtkWidget *all;
  GtkBox *fields;
  GtkFlowBox *checks;
  AssayFormField *subject, *consent, *others, *planned, *note;
  GPtrArray *asked; /* of AssayFormField: conditions by name */
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssayTakeForm, assay_take_form, GTK_TYPE_WIDGET)

static void
show_wanting (AssayTakeForm *form)
{
  g_autofree char *consent = assay_form_field_dup_text (form->consent);
  assay_form_field_set_wanting (form->consent, form->needs_consent && *consent == '\0');
}

static void
tell_changed (AssayTakeForm *form)
{
  show_wanting (form);
  g_signal_emit (form, signal_changed, 0);
}

/* Reading, on a thread */

typedef struct
{
  gboolean needs_consent;
  json_t *fields;    /* [name] */
  json_t *checklist; /* [line] */
  json_t *used;      /* {name of a condition: {value: true}}, the last used first */
  json_t *subjects, *consents;
} Known;

static Known *
known_new (void)
{
  Known *known = g_new0 (Known, 1);
  known->fields = json_array ();
  known->checklist = json_array ();
  known->used = json_object ();
  known->subjects = json_object ();
  known->consents = json_object ();
  return known;
}

static void
known_free (gpointer data)
{
  Known *known = data;
  json_decref (known->fields);
  json_decref (known->checklist);
  json_decref (known->used);
  json_decref (known->subjects);
  json_decref (known->consents);
  g_free (known);
}

static void
add_field (Known *known, const char *name)
{
  size_t i;
  json_t *have;
  json_array_foreach (known->fields, i, have) if (g_strcmp0 (json_string_value (have), name) == 0) return;
  json_array_append_new (known->fields, json_string (name));
}

static void
add_conditions (Known *known, const json_t *conditions, gboolean asks)
{
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *) conditions, name, value)
  {
    if (!json_is_string (value))
      continue;
    if (json_object_get (known->used, name) == NULL)
      json_object_set_new (known->used, name, json_object ());
    json_object_set_new (json_object_get (known->used, name), json_string_value (value), json_true ());
    if (asks)
      add_field (known, name);
  }
}

static gboolean
read_plan (AssayProject *project, Known *known, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  if (plan == NULL)
    return FALSE;
  known->needs_consent = assay_plan_needs_consent (plan);
  size_t i;
  json_t *one;
  json_array_foreach (assay_plan_get_fields (plan), i, one) if (json_is_string (one))
      add_field (known, json_string_value (one));
  json_array_foreach (plan->targets, i, one)
  {
    add_conditions (known, json_object_get (one, "condition"), TRUE);
    const char *class = assay_json_get_string (one, "class");
    g_autoptr (json_t) shown = class != NULL ? json_pack ("{s:s}", "class", class) : NULL;
    if (shown != NULL)
      add_conditions (known, shown, TRUE);
  }
  json_array_foreach (assay_plan_get_checklist (plan), i, one) if (json_is_string (one))
      json_array_append (known->checklist, one);
  return TRUE;
}

static gboolean
read_known (AssayProject *project, gpointer data, GError **error)
{
  Known *known = data;
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!read_plan (project, known, error)
      || !assay_store_query (project->store, &rows, error,
                             "SELECT json_extract (info, '$.conditions'), json_extract (info, '$.subject'),"
                             " json_extract (info, '$.consent') FROM session ORDER BY row DESC LIMIT " LOOKED_AT,
                             ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *conditions = assay_rows_get_text (&rows, 0), *subject = assay_rows_get_text (&rows, 1),
                 *consent = assay_rows_get_text (&rows, 2);
      g_autoptr (json_t) said = conditions != NULL ? json_loads (conditions, 0, NULL) : NULL;
      add_conditions (known, said, FALSE);
      if (subject != NULL)
        json_object_set_new (known->subjects, subject, json_true ());
      if (consent != NULL)
        json_object_set_new (known->consents, consent, json_true ());
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return error == NULL || *error == NULL;
}

/* Showing */

static void
insert_field (AssayTakeForm *form, AssayFormField *field, GtkWidget *after)
{
  gtk_box_insert_child_after (form->fields, GTK_WIDGET (field), after);
  g_signal_connect_object (field, "changed", G_CALLBACK (tell_changed), form, G_CONNECT_SWAPPED);
}

static AssayFormField *
find_field (AssayTakeForm *form, const char *name)
{
  for (guint i = 0; i < form->asked->len; i++)
    if (g_str_equal (assay_form_field_get_name (form->asked->pdata[i]), name))
      return form->asked->pdata[i];
  return NULL;
}

static void
offer (AssayFormField *field, const json_t *values)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();
  const char *text;
  json_t *value;
  json_object_foreach ((json_t *) values, text, value)
  {
    if (choices->len < CHOICES_MOST)
      g_ptr_array_add (choices, (gpointer) text);
  }
  assay_form_field_set_choices (field, choices);
}

/* A field that stays keeps what was typed. */
static void
show_fields (AssayTakeForm *form, const Known *known)
{
  for (guint i = form->asked->len; i > 0; i--)
    {
      AssayFormField *field = form->asked->pdata[i - 1];
      gboolean stays = FALSE;
      size_t j;
      json_t *name;
      json_array_foreach (known->fields, j, name) stays
          |= g_str_equal (json_string_value (name), assay_form_field_get_name (field));
      if (stays)
        continue;
      gtk_box_remove (form->fields, GTK_WIDGET (field));
      g_ptr_array_remove_index (form->asked, i - 1);
    }
  size_t i;
  json_t *name;
  json_array_foreach (known->fields, i, name)
  {
    const char *text = json_string_value (name);
    AssayFormField *field = find_field (form, text);
    if (field == NULL)
      {
        field = ASSAY_FORM_FIELD (assay_form_field_new (text, NULL));
        insert_field (form, field,
                      form->asked->len > 0 ? form->asked->pdata[form->asked->len - 1] : GTK_WIDGET (form->subject));
        g_ptr_array_add (form->asked, field);
      }
    offer (field, json_object_get (known->used, text));
  }
}

static GtkCheckButton *
get_check (AssayTakeForm *form, int i) /* NULL past the last */
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (form->checks, i);
  return child != NULL ? GTK_CHECK_BUTTON (gtk_flow_box_child_get_child (child)) : NULL;
}

static gboolean
is_same_checklist (AssayTakeForm *form, const json_t *lines)
{
  int n = 0;
  for (GtkCheckButton *check; (check = get_check (form, n)) != NULL; n++)
    if (g_strcmp0 (gtk_check_button_get_label (check), json_string_value (json_array_get (lines, (size_t) n))) != 0)
      return FALSE;
  return (size_t) n == json_array_size (lines);
}

static void
show_checklist (AssayTakeForm *form, const json_t *lines)
{
  if (is_same_checklist (form, lines))
    return;
  GtkFlowBoxChild *old;
  while ((old = gtk_flow_box_get_child_at_index (form->checks, 0)) != NULL)
    gtk_flow_box_remove (form->checks, GTK_WIDGET (old));
  size_t i;
  json_t *line;
  json_array_foreach (lines, i, line)
  {
    GtkWidget *check = gtk_check_button_new_with_label (json_string_value (line)),
              *child = gtk_flow_box_child_new ();
    gtk_widget_set_focusable (child, FALSE);
    gtk_widget_set_focus_on_click (check, FALSE);
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), check);
    g_signal_connect_object (check, "toggled", G_CALLBACK (tell_changed), form, G_CONNECT_SWAPPED);
    gtk_flow_box_insert (form->checks, child, -1);
  }
  gtk_widget_set_visible (GTK_WIDGET (form->checks), json_array_size (lines) > 0);
}

static void
on_known (gpointer owner, gpointer data, const GError *error)
{
  AssayTakeForm *form = owner;
  const Known *known = data;
  form->reading = FALSE;
  if (error == NULL)
    {
      show_fields (form, known);
      show_checklist (form, known->checklist);
      offer (form->subject, known->subjects);
      offer (form->consent, known->consents);
      form->needs_consent = known->needs_consent;
      show_wanting (form);
    }
  if (form->again)
    assay_take_form_refresh (form);
}

/* One reading at a time; what changes meanwhile is read once more after it. */
void
assay_take_form_refresh (AssayTakeForm *form)
{
  form->again = form->reading;
  if (form->desk == NULL || form->reading)
    return;
  form->reading = TRUE;
  assay_desk_read (form->desk, read_known, known_new (), known_free, on_known, form);
}

void
assay_take_form_set_desk (AssayTakeForm *form, AssayDesk *desk)
{
  if (form->desk != NULL)
    g_signal_handlers_disconnect_by_func (form->desk, assay_take_form_refresh, form);
  g_set_object (&form->desk, desk);
  form->reading = form->again = FALSE;
  if (desk != NULL)
    g_signal_connect_object (desk, "changed", G_CALLBACK (assay_take_form_refresh), form, G_CONNECT_SWAPPED);
  assay_take_form_refresh (form);
}

/* What it says */

/* "light=low, hand=left" */
static void
add_free_conditions (json_t *conditions, AssayFormField *field)
{
  g_autofree char *text = assay_form_field_dup_text (field);
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');
      if (equals == NULL)
        continue;
      *equals = '\0';
      json_object_set_new (conditions, g_strstrip (words[i]), json_string (g_strstrip (equals + 1)));
    }
}

void
assay_take_form_get_words (AssayTakeForm *form, AssayTakeWords *ret_words)
{
  json_t *conditions = json_object ();
  for (guint i = 0; i < form->asked->len; i++)
    {
      g_autofree char *text = assay_form_field_dup_text (form->asked->pdata[i]);
      if (*text != '\0')
        json_object_set_new (conditions, assay_form_field_get_name (form->asked->pdata[i]), json_string (text));
    }
  add_free_conditions (conditions, form->others);
  g_autoptr (GStrvBuilder) ticked = g_strv_builder_new ();
  GtkCheckButton *check;
  for (int i = 0; (check = get_check (form, i)) != NULL; i++)
    if (gtk_check_button_get_active (check))
      g_strv_builder_add (ticked, gtk_check_button_get_label (check));
  *ret_words = (AssayTakeWords){ .conditions = json_object_size (conditions) > 0 ? json_incref (conditions) : NULL,
                                 .subject = assay_form_field_dup_text (form->subject),
                                 .consent = assay_form_field_dup_text (form->consent),
                                 .planned = assay_form_field_dup_text (form->planned),
                                 .note = assay_form_field_dup_text (form->note),
                                 .checklist = g_strv_builder_end (ticked) };
  json_decref (conditions);
}

void
assay_take_words_clear (AssayTakeWords *words)
{
  g_clear_pointer (&words->conditions, json_decref);
  g_clear_pointer (&words->subject, g_free);
  g_clear_pointer (&words->consent, g_free);
  g_clear_pointer (&words->planned, g_free);
  g_clear_pointer (&words->note, g_free);
  g_clear_pointer (&words->checklist, g_strfreev);
}

static void
assay_take_form_dispose (GObject *object)
{
  AssayTakeForm *form = ASSAY_TAKE_FORM (object);
  g_clear_object (&form->desk);
  g_clear_pointer (&form->asked, g_ptr_array_unref);
  g_clear_pointer (&form->all, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_take_form_parent_class)->dispose (object);
}

static void
assay_take_form_class_init (AssayTakeFormClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_take_form_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_TAKE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkBox *
fields_new (void)
{
  GtkWidget *fields = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (fields, assay_even_layout_new (COLUMNS_LEAST, 12, 6));
  return GTK_BOX (fields);
}

static GtkFlowBox *
checks_new (void)
{
  GtkFlowBox *checks = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (checks, GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (checks, 2); /* it asks for the height of its narrowest shape */
  gtk_flow_box_set_max_children_per_line (checks, 8);
  gtk_flow_box_set_column_spacing (checks, 12);
  gtk_flow_box_set_row_spacing (checks, 3);
  return checks;
}

static AssayFormField *
fixed_new (AssayTakeForm *form, const char *name, const char *hint)
{
  AssayFormField *field = ASSAY_FORM_FIELD (assay_form_field_new (name, hint));
  insert_field (form, field, gtk_widget_get_last_child (GTK_WIDGET (form->fields)));
  return field;
}

static void
assay_take_form_init (AssayTakeForm *form)
{
  form->all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  form->asked = g_ptr_array_new ();
  form->fields = fields_new ();
  form->checks = checks_new ();
  gtk_box_append (GTK_BOX (form->all), GTK_WIDGET (form->fields));
  gtk_box_append (GTK_BOX (form->all), GTK_WIDGET (form->checks));
  form->subject = fixed_new (form, "Subject", "who or what");
  form->others = fixed_new (form, "Conditions", "hand=left");
  form->consent = fixed_new (form, "Consent", "form no.");
  form->planned = fixed_new (form, "Planned", "40, or 10 min");
  form->note = fixed_new (form, "Notes", NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (form->others), "Further conditions: name=value, name=value");
  gtk_widget_set_tooltip_text (
      GTK_WIDGET (form->planned),
      "Stills of each camera, or how long it is meant to last (10 min, 90 s, 10:30), so that "
      "there is room for it; nothing ends by it");
  gtk_widget_set_tooltip_text (GTK_WIDGET (form->consent), "Reference of the signed form");
  gtk_widget_set_visible (GTK_WIDGET (form->checks), FALSE);
  gtk_widget_set_parent (form->all, GTK_WIDGET (form));
}
