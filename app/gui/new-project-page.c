/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/new-project-page.h"

#include "app/gui/chooser.h"
#include "app/gui/widget.h"
#include "app/gui/page.h"
#include "core/kind.h"
#include "core/plan.h"
#include "core/skeleton.h"

#include <adwaita.h>

#define TILES_A_ROW 3

struct _AssayNewProjectPage
{
  GtkWidget parent_instance;
  AdwEntryRow *name;
  AdwActionRow *place;
  GtkGrid *kinds;
  GtkWidget *classes_group;
  GtkListBox *classes;
  GtkSpinButton *overlap, *annotators;
  GtkButton *create;
  GPtrArray *tiles; /* of GtkToggleButton, one a kind in the order of the registry; borrowed */
  GPtrArray *rows;  /* of AdwEntryRow, likewise */
  char *folder;     /* where the project's folder is made */
};

enum
{
  SIGNAL_CREATED,
  SIGNAL_CANCELLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayNewProjectPage, assay_new_project_page, GTK_TYPE_WIDGET)

/* One picture a kind; a kind that is not listed has the last. */
static const char *
icon_of (const AssayKind *kind)
{
  static const char *const icons[][2] = {
    { "segmentation", "assay-segmentation-symbolic" },
    { "keypoints", "assay-keypoints-symbolic" },
    { "pose", "assay-pose-symbolic" },
    { "transcript", "assay-transcript-symbolic" },
    { "box", "assay-box-symbolic" },
    { "tag", "assay-tag-symbolic" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_str_equal (icons[i][0], kind->id))
      return icons[i][1];
  return "assay-tag-symbolic";
}

/* The project to be made, as its thread sees it. */
typedef struct
{
  char *directory, *name;
  GPtrArray *kinds;   /* of const AssayKind * */
  GPtrArray *classes; /* of char *, one a kind: "cup, hand" */
  GArray *of_sounds;  /* of gboolean, one a kind: asked of sounds, where pictures are usual */
  double overlap;
  guint annotators;
} Wish;

static void
wish_free (Wish *wish)
{
  g_free (wish->directory);
  g_free (wish->name);
  g_ptr_array_unref (wish->kinds);
  g_ptr_array_unref (wish->classes);
  g_array_unref (wish->of_sounds);
  g_free (wish);
}

/* For keypoints the names are the points of one skeleton, whose class has the task's name. */
static void
add_names (AssayTask *task, const char *names)
{
  gboolean points = g_str_equal (task->kind->id, "keypoints");
  const AssaySkeleton *known = points ? assay_skeleton_find_names (names) : NULL;
  g_auto (GStrv) words = g_strsplit (known != NULL ? "" : names, ",", -1);
  guint n = 0;
  if (known != NULL)
    assay_skeleton_apply (known, task);
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);
      if (*word == '\0')
        continue;
      if (points)
        assay_task_add_node (task, word);
      else
        assay_task_add_class (task, word);
      n++;
    }
  if (points || n == 0)
    assay_task_add_class (task, points ? "skeleton" : "object");
}

static gboolean
make_project (const Wish *wish, GError **error)
{
  g_autoptr (AssayProject) project = assay_project_create (wish->directory, wish->name, error);
  if (project == NULL)
    return FALSE;
  for (guint i = 0; i < wish->kinds->len; i++)
    {
      const AssayKind *kind = wish->kinds->pdata[i];
      g_autoptr (AssayTask) task = assay_task_new (kind->id, kind);
      if (kind->media == ASSAY_MEDIA_PICTURE)
        add_names (task, wish->classes->pdata[i]);
      if (g_array_index (wish->of_sounds, gboolean, i))
        task->rules = json_pack ("{s:{s:s}}", "items", "media", "sound");
      if (!assay_task_save (project->store, task, NULL, error))
        return FALSE;
    }
  g_autoptr (AssayPlan) plan = assay_plan_new ();
  plan->overlap = wish->overlap;
  plan->annotators_per_overlap = wish->annotators;
  return assay_plan_save (project->store, plan, NULL, error);
}

static void
make_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  if (make_project (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer data)
{
  AssayNewProjectPage *page = ASSAY_NEW_PROJECT_PAGE (source);
  const Wish *wish = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gtk_widget_set_sensitive (GTK_WIDGET (page->create), TRUE);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_signal_emit (page, signals[SIGNAL_CREATED], 0, wish->directory);
  else
    assay_page_show_error (page, error);
}

/* "Mugs in low light" -> "mugs-in-low-light": a folder name that no shell has to quote. */
static char *
folder_name (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  for (char *c = ascii; *c != '\0'; c++)
    *c = g_ascii_isalnum (*c) ? g_ascii_tolower (*c) : '-';
  return g_strdup (ascii);
}

static char *
dup_directory (AssayNewProjectPage *page)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (page->name))));
  g_autofree char *folder = folder_name (name);
  return *folder == '\0' ? NULL : g_build_filename (page->folder, folder, NULL);
}

static void
on_changed (AssayNewProjectPage *page)
{
  g_autofree char *directory = dup_directory (page);
  gboolean taken = directory != NULL && g_file_test (directory, G_FILE_TEST_EXISTS);
  g_autofree char *subtitle = taken ? g_strdup_printf ("%s is there already", directory) : NULL;
  adw_action_row_set_subtitle (page->place, taken ? subtitle : directory != NULL ? directory : page->folder);
  gboolean any = FALSE, any_classes = FALSE;
  for (guint i = 0; i < page->tiles->len; i++)
    {
      gboolean on = gtk_toggle_button_get_active (page->tiles->pdata[i]);
      gboolean pictures = GPOINTER_TO_INT (g_object_get_data (page->rows->pdata[i], "pictures"));
      gtk_widget_set_visible (GTK_WIDGET (page->rows->pdata[i]), on && pictures);
      any |= on;
      any_classes |= on && pictures;
    }
  gtk_widget_set_visible (page->classes_group, any_classes);
  gtk_widget_set_sensitive (GTK_WIDGET (page->create), directory != NULL && !taken && any);
}

static void
on_create (AssayNewProjectPage *page)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (page->create)))
    return;
  Wish *wish = g_new0 (Wish, 1);
  wish->directory = dup_directory (page);
  wish->name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (page->name))));
  wish->kinds = g_ptr_array_new ();
  wish->classes = g_ptr_array_new_with_free_func (g_free);
  wish->of_sounds = g_array_new (FALSE, FALSE, sizeof (gboolean));
  wish->overlap = gtk_spin_button_get_value (page->overlap) / 100;
  wish->annotators = (guint) gtk_spin_button_get_value_as_int (page->annotators);
  guint n;
  const AssayKind *const *kinds = assay_kind_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if (!gtk_toggle_button_get_active (page->tiles->pdata[i]))
        continue;
      g_ptr_array_add (wish->kinds, (gpointer) kinds[i]);
      g_ptr_array_add (wish->classes, g_strdup (gtk_editable_get_text (page->rows->pdata[i])));
      GtkCheckButton *sounds = g_object_get_data (G_OBJECT (page->rows->pdata[i]), "sounds");
      gboolean of_sounds = sounds != NULL && gtk_check_button_get_active (sounds);
      g_array_append_val (wish->of_sounds, of_sounds);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (page->create), FALSE);
  g_autoptr (GTask) task = g_task_new (page, NULL, on_made, NULL);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);
  g_task_run_in_thread (task, make_in_thread);
}

static void
on_cancel (AssayNewProjectPage *page)
{
  g_signal_emit (page, signals[SIGNAL_CANCELLED], 0);
}

static void
on_place_chosen (gpointer owner, const char *path)
{
  AssayNewProjectPage *page = owner;
  g_free (page->folder);
  page->folder = g_strdup (path);
  on_changed (page);
}

static void
on_choose_place (AssayNewProjectPage *page)
{
  assay_choose (GTK_WIDGET (page), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Where the project's folder is made",
                "_Choose", NULL, on_place_chosen);
}

void
assay_new_project_page_reset (AssayNewProjectPage *page)
{
  gtk_editable_set_text (GTK_EDITABLE (page->name), "");
  gtk_spin_button_set_value (page->overlap, 20);
  gtk_spin_button_set_value (page->annotators, 2);
  for (guint i = 0; i < page->tiles->len; i++)
    {
      gtk_toggle_button_set_active (page->tiles->pdata[i], FALSE);
      gtk_editable_set_text (page->rows->pdata[i], "");
      GtkCheckButton *sounds = g_object_get_data (G_OBJECT (page->rows->pdata[i]), "sounds");
      if (sounds != NULL)
        gtk_check_button_set_active (sounds, FALSE);
    }
  on_changed (page);
  gtk_widget_grab_focus (GTK_WIDGET (page->name));
}

static GtkWidget *
tile_new (const AssayKind *kind)
{
  GtkWidget *tile = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *image = gtk_image_new_from_icon_name (icon_of (kind));
  gtk_image_set_pixel_size (GTK_IMAGE (image), 32);
  GtkWidget *title = gtk_label_new (kind->title);
  gtk_widget_add_css_class (title, "heading");
  GtkWidget *help = gtk_label_new (kind->help);
  gtk_label_set_wrap (GTK_LABEL (help), TRUE);
  gtk_label_set_justify (GTK_LABEL (help), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (help), 26);
  gtk_label_set_lines (GTK_LABEL (help), 2);
  gtk_label_set_ellipsize (GTK_LABEL (help), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (help, "dim-label");
  gtk_widget_add_css_class (help, "caption");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), help);
  gtk_button_set_child (GTK_BUTTON (tile), box);
  gtk_widget_set_tooltip_text (tile, kind->help);
  gtk_widget_add_css_class (tile, "card");
  gtk_widget_add_css_class (tile, "tile");
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, kind->title, -1);
  return tile;
}

static void
on_skeleton_chosen (GtkButton *button, GtkWidget *row)
{
  const AssaySkeleton *skeleton = g_object_get_data (G_OBJECT (button), "skeleton");
  gtk_editable_set_text (GTK_EDITABLE (row), skeleton->names);
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER)));
}

/* Skeletons that many datasets share: one press fills the entry with the names of the points. */
static GtkWidget *
skeletons_button_new (GtkWidget *row)
{
  GtkWidget *choices = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *popover = gtk_popover_new ();
  guint n;
  const AssaySkeleton *skeletons = assay_skeleton_list (&n);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *choice = gtk_button_new_with_label (skeletons[i].title);
      gtk_widget_add_css_class (choice, "flat");
      g_object_set_data (G_OBJECT (choice), "skeleton", (gpointer) &skeletons[i]);
      g_signal_connect_object (choice, "clicked", G_CALLBACK (on_skeleton_chosen), row, 0);
      gtk_box_append (GTK_BOX (choices), choice);
    }
  gtk_popover_set_child (GTK_POPOVER (popover), choices);
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), "Templates");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static GtkWidget *
classes_row_new (const AssayKind *kind)
{
  gboolean points = g_str_equal (kind->id, "keypoints");
  g_autofree char *title
      = g_strdup_printf (points ? "%s: points of the skeleton, in order" : "%s: cup, hand …", kind->title);
  GtkWidget *row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (points)
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), skeletons_button_new (row));
  if (kind->any_media)
    {
      GtkWidget *sounds = gtk_check_button_new_with_label ("Sounds");
      gtk_widget_set_valign (sounds, GTK_ALIGN_CENTER);
      gtk_widget_set_tooltip_text (sounds, "Asked of sounds, and not of pictures");
      adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), sounds);
      g_object_set_data (G_OBJECT (row), "sounds", sounds);
    }
  g_object_set_data (G_OBJECT (row), "pictures", GINT_TO_POINTER (kind->media == ASSAY_MEDIA_PICTURE));
  return row;
}

static void
assay_new_project_page_dispose (GObject *object)
{
  AssayNewProjectPage *page = ASSAY_NEW_PROJECT_PAGE (object);
  g_clear_pointer (&page->folder, g_free);
  g_clear_pointer (&page->tiles, g_ptr_array_unref);
  g_clear_pointer (&page->rows, g_ptr_array_unref);
  assay_widget_clear (page, ASSAY_TYPE_NEW_PROJECT_PAGE);
  G_OBJECT_CLASS (assay_new_project_page_parent_class)->dispose (object);
}

static void
assay_new_project_page_class_init (AssayNewProjectPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_new_project_page_dispose;
  signals[SIGNAL_CREATED] = g_signal_new ("created", ASSAY_TYPE_NEW_PROJECT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CANCELLED] = g_signal_new ("cancelled", ASSAY_TYPE_NEW_PROJECT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/new-project-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, name);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, place);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, classes_group);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, classes);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, overlap);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, annotators);
  gtk_widget_class_bind_template_child (widget_class, AssayNewProjectPage, create);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_create);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_place);
}

static void
assay_new_project_page_init (AssayNewProjectPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->tiles = g_ptr_array_new ();
  page->rows = g_ptr_array_new ();
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  page->folder = g_strdup (documents != NULL ? documents : g_get_home_dir ());
  guint n;
  const AssayKind *const *kinds = assay_kind_list (&n);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *tile = tile_new (kinds[i]);
      g_signal_connect_object (tile, "toggled", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
      gtk_grid_attach (page->kinds, tile, (int) i % TILES_A_ROW, (int) i / TILES_A_ROW, 1, 1);
      g_ptr_array_add (page->tiles, tile);
      GtkWidget *row = classes_row_new (kinds[i]);
      gtk_list_box_append (page->classes, row);
      g_ptr_array_add (page->rows, row);
    }
}
