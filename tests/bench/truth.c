/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-truth: what Dawid-Skene costs, beside crowd-kit in the same run on the same votes.
 *
 * Both begin with votes in memory (crowd-kit's a pandas frame, ours an array in no order) and take as many steps of
 * EM, 10. The least processor time of several rounds; a ratio is theirs / ours. The likeliest categories of both
 * are held against each other: `differ` must be 0 but for ties. Where crowd-kit cannot be had
 * (tests/peers/peer_venv.py) that is told, and ours stands alone.
 */
#include "qa/dawid-skene.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#define ROUNDS 5
#define STEPS 10

typedef struct
{
  const char *name;
  guint n_tasks, n_raters, n_categories, votes_a_task;
} Set;

static const Set sets[] = {
  { "few raters", 20000, 5, 5, 5 },
  { "crowd", 20000, 500, 5, 5 },
  { "many classes", 10000, 20, 80, 5 },
  { "million", 200000, 200, 5, 5 },
};

static AssayVote *
draw_votes (const Set *set)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (set->n_tasks + set->n_raters);
  g_autofree double *skill = g_new (double, set->n_raters);
  for (guint r = 0; r < set->n_raters; r++)
    skill[r] = g_rand_double_range (random, 0.4, 0.98);
  gsize n = (gsize) set->n_tasks * set->votes_a_task;
  AssayVote *votes = g_new (AssayVote, n);
  for (guint t = 0; t < set->n_tasks; t++)
    {
      guint truth = (guint) g_rand_int_range (random, 0, (gint) set->n_categories),
            first = (guint) g_rand_int_range (random, 0, (gint) set->n_raters);
      for (guint v = 0; v < set->votes_a_task; v++)
        {
          guint rater = (first + v * 7) % set->n_raters;
          gboolean right = g_rand_double (random) < skill[rater];
          votes[(gsize) t * set->votes_a_task + v]
              = (AssayVote){ t, rater,
                             right ? truth : (guint) g_rand_int_range (random, 0, (gint) set->n_categories) };
        }
    }
  for (gsize i = n - 1; i > 0; i--)
    {
      gsize j = (gsize) g_rand_int_range (random, 0, (gint) i + 1);
      AssayVote kept = votes[i];
      votes[i] = votes[j];
      votes[j] = kept;
    }
  return votes;
}

/* Of the processor: what else the machine does does not count. */
static double
now_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

/* Seconds, and the likeliest categories beside the votes, as tests/bench/truth-peer.py writes them; FALSE = not to
 * be had. */
static gboolean
ask_peer (const char *path, double *ret_s, guint **ret_labels)
{
  g_autofree char *script = g_build_filename (g_getenv ("ASSAY_SOURCE"), "tests/bench/truth-peer.py", NULL);
  g_autofree char *steps = g_strdup_printf ("%d", STEPS), *output = NULL,
                  *answer = g_strconcat (path, ".labels", NULL);
  const char *argv[] = { "python3", script, path, answer, steps, NULL };
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL, NULL))
    return FALSE;
  gboolean good = sscanf (output, "%lf", ret_s) == 1
                  && g_file_get_contents (answer, (char **) (gpointer) ret_labels, NULL, NULL);
  if (!good)
    printf ("crowd-kit: %s", output);
  g_unlink (answer);
  return good;
}

static void
run_set (const Set *set, const char *folder)
{
  g_autofree AssayVote *votes = draw_votes (set);
  gsize n = (gsize) set->n_tasks * set->votes_a_task;
  g_autofree char *path = g_build_filename (folder, "votes", NULL);
  g_autoptr (AssayDawidSkene) skene = NULL;
  double best = INFINITY, theirs = 0;
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_clear_pointer (&skene, assay_dawid_skene_free);
      double start = now_s ();
      skene = assay_dawid_skene_new (votes, n, set->n_tasks, set->n_raters, set->n_categories,
                                     ASSAY_RATER_CONFUSION, NULL);
      assay_dawid_skene_run (skene, STEPS, -1);
      best = MIN (best, now_s () - start);
    }
  g_file_set_contents (path, (const char *) votes, (gssize) (n * sizeof (AssayVote)), NULL);
  g_autofree guint *labels = NULL;
  printf ("%-13s %8zu %7u %8u %9.1f ms", set->name, n, set->n_raters, set->n_categories, best * 1e3);
  if (ask_peer (path, &theirs, &labels))
    {
      guint differ = 0;
      for (guint t = 0; t < set->n_tasks; t++)
        differ += labels[t] != assay_dawid_skene_label (skene, t);
      printf (" %9.1f ms %7.0f %7u\n", theirs * 1e3, theirs / best, differ);
    }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("bench-truth-XXXXXX", NULL);
  if (folder == NULL || g_getenv ("ASSAY_SOURCE") == NULL)
    {
      fprintf (stderr, "usage: ASSAY_SOURCE=… bench-truth\n");
      return 2;
    }
  printf ("%-13s %8s %7s %8s %12s %12s %7s %7s\n", "votes", "n", "raters", "classes", "assay", "crowd-kit", "ratio",
          "differ");
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    run_set (&sets[i], folder);
  g_rmdir (folder);
  return 0;
}
