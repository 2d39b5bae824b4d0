"""GitLab: labels, the incident issue, the review, corrective actions and the links between them."""
