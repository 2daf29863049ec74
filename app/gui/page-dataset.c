/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-dataset.h"

#include "app/gui/chooser.h"
#include "app/gui/coverage.h"
#include "app/gui/version-row.h"
#include "app/gui/widget.h"
#include "app/job-commit.h"
#include "app/job-export.h"
#include "core/json.h"
#include "core/scope.h"
#include "formats/format.h"

#include <string.h>

#define SETTLE_MS 1500 /* the gate measures agreement: not after every stroke */

struct _AssayPageDataset
{
  GtkWidget parent_instance;
  AssayDesk *desk;     /* NULL without a project */
  GPtrArray *versions; /* of AssayVersion, newest first; NULL until read */
  GPtrArray *formats;  /* of const AssayFormat *: those that can be written, as the drop-down has them */
  char *chosen;        /* id of the version in the list that is selected; NULL = the working state */
  gboolean shown, reading, stale, looking, gate_stale;
  guint gate_timer;

  GtkBox *coverage;
  GtkImage *gate_icon;
  GtkLabel *gate, *export_what, *loses;
  GtkMenuButton *release_button, *export_button;
  GtkPopover *release_popover, *export_popover;
  GtkEntry *message, *tag, *folder;
  GtkCheckButton *with_gate;
  GtkButton *release;
  GtkDropDown *format;
  GtkRevealer *right;
  GtkListBox *versions_list;
  GtkWidget *scroller;
};

static void assay_page_dataset_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageDataset, assay_page_dataset, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_dataset_implement))

/* What exists */

typedef struct
{
  GArray *tally;
  GHashTable *items; /* gint64 task row -> gint64: how many it asks about */
  GPtrArray *versions;
} Look;

static void
look_free (Look *look)
{
  g_clear_pointer (&look->tally, g_array_unref);
  g_clear_pointer (&look->items, g_hash_table_unref);
  g_clear_pointer (&look->versions, g_ptr_array_unref);
  g_free (look);
}

static gboolean
count_items (Look *look, AssayStore *store, GError **error)
{
  g_autoptr (GPtrArray) tasks = assay_task_list (store, error);
  look->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      gint64 n;
      if (!assay_scope_count (store, task, &n, error))
        return FALSE;
      g_hash_table_insert (look->items, g_memdup2 (&task->row, sizeof task->row), g_memdup2 (&n, sizeof n));
    }
  return tasks != NULL;
}

static gboolean
look_at (AssayProject *project, gpointer data, GError **error)
{
  Look *look = data;
  look->tally = assay_tally_list (project->store, 0, error);
  look->versions = look->tally != NULL && count_items (look, project->store, error) ? assay_version_list (project, error) : NULL;
  return look->versions != NULL;
}

static void
fill_coverage (AssayPageDataset *page, const GArray *tally, GHashTable *items)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (page->coverage))) != NULL)
    gtk_box_remove (page->coverage, old);
  const GPtrArray *tasks = assay_desk_get_tasks (page->desk);
  for (guint i = 0; i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      const gint64 *n = g_hash_table_lookup (items, &task->row);
      gtk_box_append (page->coverage, assay_coverage_new (task, n != NULL ? *n : 0,
                                                          assay_desk_get_annotators (page->desk), tally));
    }
  if (tasks->len > 0)
    return;
  GtkWidget *none = gtk_label_new ("No task yet: `assay task add` says what is to be labelled.");
  gtk_widget_add_css_class (none, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (none), 0);
  gtk_box_append (page->coverage, none);
}

static gboolean
same_versions (const GPtrArray *a, const GPtrArray *b)
{
  gboolean same = a != NULL && a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    same = g_str_equal (((AssayVersion *) a->pdata[i])->version, ((AssayVersion *) b->pdata[i])->version)
           && g_strcmp0 (((AssayVersion *) a->pdata[i])->tags, ((AssayVersion *) b->pdata[i])->tags) == 0;
  return same;
}

static void
fill_versions (AssayPageDataset *page, GPtrArray *versions)
{
  if (same_versions (page->versions, versions))
    return;
  g_clear_pointer (&page->versions, g_ptr_array_unref);
  g_clear_pointer (&page->chosen, g_free);
  page->versions = g_ptr_array_ref (versions);
  GtkListBoxRow *old;
  while ((old = gtk_list_box_get_row_at_index (page->versions_list, 0)) != NULL)
    gtk_list_box_remove (page->versions_list, GTK_WIDGET (old));
  for (guint i = 0; i < versions->len; i++)
    gtk_list_box_append (page->versions_list, assay_version_row_new (versions->pdata[i]));
  gtk_list_box_select_row (page->versions_list, gtk_list_box_get_row_at_index (page->versions_list, 0));
}

static void ask (AssayPageDataset *page);

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  AssayPageDataset *page = owner;
  const Look *look = data;
  page->reading = FALSE;
  assay_page_show_error (page, error);
  if (error == NULL)
    {
      fill_coverage (page, look->tally, look->items);
      fill_versions (page, look->versions);
    }
  if (page->stale)
    ask (page);
}

static void
ask (AssayPageDataset *page)
{
  page->stale = TRUE;
  if (page->reading || !page->shown || page->desk == NULL)
    return;
  page->stale = FALSE;
  page->reading = TRUE;
  assay_desk_read (page->desk, look_at, g_new0 (Look, 1), (GDestroyNotify) look_free, on_looked, page);
}

/* The gate */

static gboolean
look_at_gate (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  return assay_job_gate (project, progress, data, error);
}

static void
gate_free (AssayGate *gate)
{
  assay_gate_clear (gate);
  g_free (gate);
}

static char *
describe_gate (const AssayGate *gate)
{
  if (gate->open)
    return g_strdup ("The gate is open: everything that the plan asks for before a release is there");
  GString *text = g_string_new ("The gate is closed: ");
  size_t i;
  json_t *failed;
  json_array_foreach (gate->failed, i, failed)
  {
    const char *why = assay_json_get_string (failed, "why");
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", why != NULL ? why : "a condition is not met");
  }
  return g_string_free (text, FALSE);
}

static void ask_gate (AssayPageDataset *page);

static void
on_gate (gpointer owner, gpointer data, const GError *error)
{
  AssayPageDataset *page = owner;
  const AssayGate *gate = data;
  page->looking = FALSE;
  if (page->gate_stale)
    ask_gate (page);
  g_autofree char *text = error != NULL ? g_strdup (error->message) : describe_gate (gate);
  gtk_label_set_text (page->gate, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (page->gate), text);
  gtk_image_set_from_icon_name (page->gate_icon,
                                error == NULL && gate->open ? "emblem-ok-symbolic" : "action-unavailable-symbolic");
}

static gboolean
on_gate_timer (gpointer data)
{
  AssayPageDataset *page = data;
  page->gate_timer = 0;
  if (page->desk == NULL || !page->shown || page->looking)
    return G_SOURCE_REMOVE;
  page->gate_stale = FALSE;
  page->looking = TRUE;
  assay_desk_start_job (page->desk, "Looking at the gate", ASSAY_STORE_READ, look_at_gate, g_new0 (AssayGate, 1),
                        (GDestroyNotify) gate_free, on_gate, page);
  return G_SOURCE_REMOVE;
}

/* What changes during a look, or while nobody sees it, is looked at after it. */
static void
ask_gate (AssayPageDataset *page)
{
  page->gate_stale = TRUE;
  g_clear_handle_id (&page->gate_timer, g_source_remove);
  page->gate_timer = g_timeout_add (SETTLE_MS, on_gate_timer, page);
}

static void
on_changed (AssayPageDataset *page)
{
  ask (page);
  ask_gate (page);
}

/* Release */

typedef struct
{
  char *message, *tag, *author;
  gboolean with_gate;
  AssayVersion *version;
  AssayGate gate;
} Release;

static void
release_free (Release *release)
{
  g_free (release->message);
  g_free (release->tag);
  g_free (release->author);
  assay_version_free (release->version);
  assay_gate_clear (&release->gate);
  g_free (release);
}

static gboolean
commit (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Release *release = data;
  return assay_job_commit (project, release->message, release->author, *release->tag != '\0' ? release->tag : NULL,
                           release->with_gate, progress, &release->version, &release->gate, error);
}

static void
on_committed (gpointer owner, gpointer data, const GError *error)
{
  AssayPageDataset *page = owner;
  const Release *release = data;
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.release", TRUE);
  assay_page_show_error (page, error);
  if (error != NULL)
    return;
  g_autofree char *name = release->version != NULL ? assay_version_dup_short (release->version) : NULL;
  g_autofree char *text
      = name != NULL ? g_strdup_printf ("Released %s: %" G_GUINT64_FORMAT " items", name, release->version->items)
                     : describe_gate (&release->gate);
  assay_page_toast (page, text);
}

static void
on_message_changed (AssayPageDataset *page)
{
  gtk_widget_set_sensitive (GTK_WIDGET (page->release),
                            *gtk_editable_get_text (GTK_EDITABLE (page->message)) != '\0');
}

static void
on_release (AssayPageDataset *page)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (page->release)) || page->desk == NULL)
    return;
  const AssayAnnotator *annotator = assay_desk_get_annotator (page->desk);
  Release *release = g_new0 (Release, 1);
  release->message = g_strdup (gtk_editable_get_text (GTK_EDITABLE (page->message)));
  release->tag = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (page->tag))));
  release->author = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  release->with_gate = gtk_check_button_get_active (page->with_gate);
  gtk_popover_popdown (page->release_popover);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.release", FALSE);
  assay_desk_start_job (page->desk, "Releasing a version", ASSAY_STORE_WRITE, commit, release,
                        (GDestroyNotify) release_free, on_committed, page);
}

static void
open_release (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (widget);
  gtk_editable_set_text (GTK_EDITABLE (page->message), "");
  gtk_editable_set_text (GTK_EDITABLE (page->tag), "");
  gtk_menu_button_popup (page->release_button);
  gtk_widget_grab_focus (GTK_WIDGET (page->message));
}

/* Export */

typedef struct
{
  char *version, *out; /* version: NULL = the working state */
  const AssayFormat *format;
  json_t *answer;
} Export;

static void
export_free (Export *export)
{
  g_free (export->version);
  g_free (export->out);
  json_decref (export->answer);
  g_free (export);
}

static gboolean
write_out (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Export *export = data;
  AssayJobExport options = { .format = export->format->id, .version = export->version };
  return assay_job_export (project, export->out, &options, progress, &export->answer, error);
}

static void
on_exported (gpointer owner, gpointer data, const GError *error)
{
  AssayPageDataset *page = owner;
  const Export *export = data;
  assay_page_show_error (page, error);
  if (error != NULL)
    return;
  gint64 items = 0;
  assay_json_get_int (export->answer, "items", &items);
  size_t lossy = json_array_size (json_object_get (export->answer, "lossy"));
  g_autofree char *text
      = g_strdup_printf ("Exported %" G_GINT64_FORMAT " items to %s%s", items, export->out,
                         lossy > 0 ? "; what the format cannot hold is counted in EXPORT.json" : "");
  assay_page_toast (page, text);
}

static const AssayFormat *
chosen_format (AssayPageDataset *page)
{
  guint at = gtk_drop_down_get_selected (page->format);
  return at < page->formats->len ? page->formats->pdata[at] : NULL;
}

static void
on_format_changed (AssayPageDataset *page)
{
  if (page->loses == NULL)
    return; /* the page is being put together, or taken apart */
  const AssayFormat *format = page->formats != NULL ? chosen_format (page) : NULL;
  gtk_label_set_text (page->loses, format != NULL && format->loses != NULL ? format->loses : "");
  if (page->desk == NULL || format == NULL)
    return;
  g_autofree char *base = g_path_get_basename (assay_desk_get_directory (page->desk));
  g_autofree char *name = g_strdup_printf ("%s-%s", base, format->id);
  g_autofree char *path = g_build_filename (g_get_home_dir (), name, NULL);
  gtk_editable_set_text (GTK_EDITABLE (page->folder), path);
}

static void
on_export (AssayPageDataset *page)
{
  const AssayFormat *format = chosen_format (page);
  const char *out = gtk_editable_get_text (GTK_EDITABLE (page->folder));
  if (page->desk == NULL || format == NULL || *out == '\0')
    return;
  Export *export = g_new0 (Export, 1);
  export->version = g_strdup (page->chosen);
  export->out = g_strdup (out);
  export->format = format;
  gtk_popover_popdown (page->export_popover);
  assay_desk_start_job (page->desk, "Exporting", ASSAY_STORE_READ, write_out, export, (GDestroyNotify) export_free,
                        on_exported, page);
}

static void
on_folder_chosen (gpointer owner, const char *path)
{
  AssayPageDataset *page = owner;
  g_autofree char *name = g_path_get_basename (gtk_editable_get_text (GTK_EDITABLE (page->folder)));
  g_autofree char *folder = g_build_filename (path, name, NULL);
  gtk_editable_set_text (GTK_EDITABLE (page->folder), folder);
}

static void
on_choose_folder (AssayPageDataset *page)
{
  assay_choose (GTK_WIDGET (page), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Where the export's folder is made",
                "_Choose", NULL, on_folder_chosen);
}

static void
on_version_selected (AssayPageDataset *page, GtkListBoxRow *row)
{
  g_clear_pointer (&page->chosen, g_free);
  if (page->export_what == NULL)
    return; /* the page is being taken apart */
  int at = row != NULL ? gtk_list_box_row_get_index (row) : -1;
  const AssayVersion *version = at >= 0 && page->versions != NULL ? page->versions->pdata[at] : NULL;
  page->chosen = version != NULL ? g_strdup (version->version) : NULL;
  g_autofree char *name = version != NULL ? assay_version_dup_short (version) : g_strdup ("the working state");
  gtk_label_set_text (page->export_what, name);
}

static void
open_export (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (widget);
  gtk_menu_button_popup (page->export_button);
  gtk_widget_grab_focus (GTK_WIDGET (page->folder));
}

static void
toggle_right (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (widget);
  gtk_revealer_set_reveal_child (page->right, !gtk_revealer_get_reveal_child (page->right));
}

/* AssayPage */

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (base);
  if (page->desk != NULL)
    g_signal_handlers_disconnect_by_data (page->desk, page);
  g_clear_handle_id (&page->gate_timer, g_source_remove);
  page->reading = page->stale = page->looking = page->gate_stale = FALSE;
  g_set_object (&page->desk, desk);
  if (desk == NULL)
    return;
  g_clear_pointer (&page->versions, g_ptr_array_unref);
  g_signal_connect_object (desk, "changed", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::tasks", G_CALLBACK (ask), page, G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.release", !assay_desk_is_read_only (desk));
  gtk_widget_set_sensitive (GTK_WIDGET (page->release_button), !assay_desk_is_read_only (desk));
  on_version_selected (page, NULL);
  on_format_changed (page);
  ask (page);
}

static void
set_shown (AssayPage *base, gboolean shown)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (base);
  page->shown = shown;
  if (!shown || page->desk == NULL)
    return;
  ask (page);
  g_clear_handle_id (&page->gate_timer, g_source_remove);
  on_gate_timer (page);
}

static guint
list_panes (AssayPage *base, GtkWidget **ret_panes)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (base);
  ret_panes[0] = GTK_WIDGET (page->versions_list);
  ret_panes[1] = GTK_WIDGET (page->release_button);
  ret_panes[2] = page->scroller;
  return 3;
}

static void
assay_page_dataset_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
  iface->set_shown = set_shown;
  iface->list_panes = list_panes;
}

/* GObject */

static void
assay_page_dataset_dispose (GObject *object)
{
  AssayPageDataset *page = ASSAY_PAGE_DATASET (object);
  g_clear_handle_id (&page->gate_timer, g_source_remove);
  g_clear_object (&page->desk);
  g_clear_pointer (&page->versions, g_ptr_array_unref);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_DATASET);
  g_clear_pointer (&page->formats, g_ptr_array_unref);
  g_clear_pointer (&page->chosen, g_free);
  G_OBJECT_CLASS (assay_page_dataset_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_child (class, AssayPageDataset, coverage);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, gate_icon);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, gate);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, export_what);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, loses);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, release_button);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, export_button);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, release_popover);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, export_popover);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, message);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, tag);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, folder);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, with_gate);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, release);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, format);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, right);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, versions_list);
  gtk_widget_class_bind_template_child (class, AssayPageDataset, scroller);
  gtk_widget_class_bind_template_callback (class, on_message_changed);
  gtk_widget_class_bind_template_callback (class, on_release);
  gtk_widget_class_bind_template_callback (class, on_export);
  gtk_widget_class_bind_template_callback (class, on_choose_folder);
  gtk_widget_class_bind_template_callback (class, on_format_changed);
  gtk_widget_class_bind_template_callback (class, on_version_selected);
}

static void
assay_page_dataset_class_init (AssayPageDatasetClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_dataset_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-dataset.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.release", NULL, open_release);
  gtk_widget_class_install_action (widget_class, "page.export", NULL, open_export);
  gtk_widget_class_install_action (widget_class, "page.toggle-right", NULL, toggle_right);
}

static void
assay_page_dataset_init (AssayPageDataset *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->formats = g_ptr_array_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint n;
  const AssayFormat *const *formats = assay_format_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if (formats[i]->write == NULL)
        continue;
      g_ptr_array_add (page->formats, (gpointer) formats[i]);
      gtk_string_list_append (names, formats[i]->title);
    }
  gtk_drop_down_set_model (page->format, G_LIST_MODEL (names));
}
