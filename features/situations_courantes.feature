# language: fr
Fonctionnalité: Les situations courantes
  Ce que le droit et l'usage désignent pour les demandes de tous les jours, en dehors du conseil en évolution professionnelle.

  @engagement-orientation
  Règle: Une offre réservée à un public dont rien n'est dit ne vient pas d'abord

    Plan du scénario: La porte ouverte mène, la porte réservée attend derrière avec sa question
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et pour <reservee> il reste à vérifier : <question>

      Exemples:
        | personne                                                | structure | reservee             | question          |
        | 40 ans, sans activité, demande faire-le-point           | m2end     | phare-28             | handicap          |
        | 66 ans, retraité, demande faire-le-point                | m2end     | phare-28             | handicap          |
        | 50 ans, bénévole, demande faire-le-point                | m2end     | france-travail-dreux | cherche_emploi    |
        | 28 ans, sans activité, demande faire-le-point           | m2end     | phare-28             | handicap          |
        | 26 ans, sans activité, demande faire-le-point           | m2end     | france-travail-dreux | cherche_emploi    |
        | 30 ans, demande faire-le-point                          | m2end     | avenir-actifs-cvl    | statuts           |
        | demande faire-le-point                                  | m2end     | mission-locale-dreux | age               |
        | demande se-reconvertir                                  | m2end     | avenir-actifs-cvl    | statuts           |
        | demande financer-formation                              | m2end     | transitions-pro-cvl  | statuts           |
        | 27 ans, sans activité, demande contrat-engagement-jeune | m2end     | mission-locale-dreux | handicap          |
        | agent public, demande faire-le-point                    | m2end     | anfh                 | fonction_publique |

    Plan du scénario: Une fois la réponse connue, elle mène
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                  | structure            |
        | 40 ans, sans activité, handicap reconnu, demande faire-le-point           | phare-28             |
        | 40 ans, sans activité, cherche un emploi, demande faire-le-point          | france-travail-dreux |
        | 25 ans, sans activité, demande faire-le-point                             | mission-locale-dreux |
        | 27 ans, sans activité, handicap reconnu, demande contrat-engagement-jeune | mission-locale-dreux |
        | 29 ans, sans activité, handicap reconnu, demande contrat-engagement-jeune | mission-locale-dreux |
        | salarié, demande faire-le-point                                           | avenir-actifs-cvl    |
        | demande trouver-emploi                                                    | france-travail-dreux |
        | salarié, demande maintien-emploi                                          | phare-28             |
        | salarié, sans handicap, demande maintien-emploi                           | medecine-du-travail  |

    Plan du scénario: Une porte qui demande plusieurs réponses, ou une question hors de propos, n'est pas montrée
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> n'est pas proposée

      Exemples:
        | personne                                                 | structure            |
        | demande faire-le-point                                   | anfh                 |
        | demande faire-le-point                                   | cdg-28               |
        | demande faire-le-point                                   | cnfpt                |
        | agent public, demande trouver-emploi                     | apec-cvl             |
        | 28 ans, sans activité, demande faire-le-point            | mission-locale-dreux |
        | 27 ans, salarié, handicap reconnu, demande apprentissage | mission-locale-dreux |
        | 20 ans, étudiant, demande contrat-engagement-jeune       | mission-locale-dreux |

  @engagement-cep-operateurs
  Règle: Un agent public a sa propre porte

    Plan du scénario: Quel que soit son besoin, l'interlocuteur de sa fonction publique
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et apec-cvl n'est pas proposée
      Et avenir-actifs-cvl n'est pas proposée

      Exemples:
        | personne                                                                       | structure     |
        | fonction publique de l'État, demande financer-formation                        | cmc-ministere |
        | fonction publique de l'État, demande demissionner-pour-projet                  | cmc-ministere |
        | fonction publique de l'État, demande trouver-emploi                            | cmc-ministere |
        | fonction publique de l'État, demande se-reconvertir                            | cmc-ministere |
        | fonction publique de l'État, demande utiliser-son-cpf                          | cmc-ministere |
        | fonction publique territoriale, catégorie C, demande financer-formation        | cdg-28        |
        | fonction publique territoriale, catégorie C, demande demissionner-pour-projet  | cdg-28        |
        | fonction publique territoriale, catégorie C, demande trouver-emploi            | cdg-28        |
        | fonction publique territoriale, catégorie C, demande se-reconvertir            | cdg-28        |
        | fonction publique territoriale, catégorie C, demande utiliser-son-cpf          | cdg-28        |
        | fonction publique territoriale, catégorie A+, demande financer-formation       | cnfpt         |
        | fonction publique territoriale, catégorie A+, demande demissionner-pour-projet | cnfpt         |
        | fonction publique territoriale, catégorie A+, demande trouver-emploi           | cnfpt         |
        | fonction publique territoriale, catégorie A+, demande se-reconvertir           | cnfpt         |
        | fonction publique territoriale, catégorie A+, demande utiliser-son-cpf         | cnfpt         |
        | fonction publique hospitalière, demande financer-formation                     | anfh          |
        | fonction publique hospitalière, demande demissionner-pour-projet               | anfh          |
        | fonction publique hospitalière, demande trouver-emploi                         | anfh          |
        | fonction publique hospitalière, demande se-reconvertir                         | anfh          |
        | fonction publique hospitalière, demande utiliser-son-cpf                       | anfh          |

    Plan du scénario: France Travail derrière quand il cherche, devant quand le contrat est fini
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et <aussi> est aussi proposée

      Exemples:
        | personne                                                                                                      | structure            | aussi                |
        | fonction publique hospitalière, demande trouver-emploi                                                        | anfh                 | france-travail-dreux |
        | fonction publique de l'État, demande trouver-emploi                                                           | cmc-ministere        | france-travail-dreux |
        | fonction publique territoriale, catégorie C, position fin-de-contrat, demande trouver-emploi                  | france-travail-dreux | cdg-28               |
        | 33 ans, agent public, demandeur d'emploi, fonction publique territoriale, catégorie C, demande trouver-emploi | france-travail-dreux | cdg-28               |

  @engagement-orientation
  Règle: L'inscription à France Travail ne dit pas qui accompagne

    Plan du scénario: Le RSA garde la porte du département
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et <aussi> est aussi proposée
      Et l'agent est alerté par la règle alerte-rsa-orientation

      Exemples:
        | personne                                                                               | structure                | aussi                |
        | 38 ans, perçoit le RSA, demandeur d'emploi, suivi par personne, demande trouver-emploi | conseil-departemental-28 | france-travail-dreux |
        | 38 ans, perçoit le RSA, demandeur d'emploi, demande trouver-emploi                     | conseil-departemental-28 | france-travail-dreux |
        | 45 ans, perçoit le RSA, sans activité, demande se-loger                                | conseil-departemental-28 | type-ccas            |

    Plan du scénario: Un inscrit qui n'est pas tenu de chercher est une situation réelle
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                     | structure            |
        | 58 ans, demandeur d'emploi, ne cherche pas d'emploi, demande faire-le-point  | france-travail-dreux |
        | 40 ans, demandeur d'emploi, ne cherche pas d'emploi, demande savoirs-de-base | cria-28              |

  @engagement-orientation
  Règle: Qui suit la personne ne répond pas à tout

    Plan du scénario: Le référent garde le parcours vers l'emploi
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                                     | structure                |
        | 24 ans, suivi par mission-locale, demandeur d'emploi, demande trouver-emploi                 | mission-locale-dreux     |
        | 23 ans, suivi par mission-locale, demande se-deplacer                                          | mission-locale-dreux     |
        | 25 ans, suivi par mission-locale, demande trouver-emploi                                     | mission-locale-dreux     |
        | 40 ans, suivi par france-travail, demandeur d'emploi, demande se-reconvertir                 | france-travail-dreux     |
        | 40 ans, suivi par cap-emploi, handicap reconnu, demande trouver-emploi                       | phare-28                 |
        | 40 ans, suivi par departement, perçoit le RSA, demande trouver-emploi                        | conseil-departemental-28 |
        | 38 ans, suivi par france-travail, perçoit le RSA, demandeur d'emploi, demande trouver-emploi | france-travail-dreux     |

    Plan du scénario: Les autres besoins vont à qui y répond, et le référent est prévenu
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et l'agent est alerté par la règle alerte-prevenir-referent

      Exemples:
        | personne                                                                         | structure             |
        | 24 ans, suivi par mission-locale, demandeur d'emploi, demande valider-acquis     | espace-region-vae     |
        | 40 ans, suivi par france-travail, demandeur d'emploi, demande savoirs-de-base    | cria-28               |
        | 40 ans, suivi par france-travail, demandeur d'emploi, demande apprendre-francais | cria-28               |
        | 40 ans, suivi par france-travail, demandeur d'emploi, demande creer-entreprise   | bge-28                |
        | 40 ans, suivi par departement, perçoit le RSA, demande s-engager                 | ligue-enseignement-28 |
        | 40 ans, suivi par cap-emploi, handicap reconnu, demande valider-acquis           | espace-region-vae     |

    Plan du scénario: Un enfant suivi va d'abord au CIO, avec son éducateur
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et l'agent est alerté par la règle alerte-educateur

      Exemples:
        | personne                                                                          | structure |
        | 14 ans, élève, suivi par departement, demande choisir-orientation-scolaire        | cio-dreux |
        | 14 ans, élève, suivi par protection-enfance, demande choisir-orientation-scolaire | cio-dreux |
        | 15 ans, élève, suivi par pjj, demande choisir-orientation-scolaire                | cio-dreux |
        | 16 ans, élève, suivi par protection-enfance, demande se-reorienter-etudes         | cio-dreux |

    Plan du scénario: À 26 ans, la suite de la mission locale est dite, et la porte ne la contredit pas
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et l'agent est alerté par la règle alerte-apres-la-mission-locale
      Et mission-locale-dreux n'est pas proposée

      Exemples:
        | personne                                                                     | structure            |
        | 26 ans, suivi par mission-locale, demandeur d'emploi, demande trouver-emploi | france-travail-dreux |
        | 28 ans, suivi par mission-locale, salarié, demande se-reconvertir            | avenir-actifs-cvl    |

  @engagement-orientation
  Règle: Les portes de l'école sont celles des jeunes

    Plan du scénario: Un adulte qui reprend une formation voit d'abord le conseil des actifs
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                 | structure            |
        | 42 ans, salarié, demande raccrocher-formation            | avenir-actifs-cvl    |
        | 45 ans, demandeur d'emploi, demande raccrocher-formation | france-travail-dreux |
        | 26 ans, salarié, demande raccrocher-formation            | avenir-actifs-cvl    |
        | 35 ans, demandeur d'emploi, demande apprentissage        | france-travail-dreux |
        | 30 ans, demandeur d'emploi, demande apprentissage        | france-travail-dreux |
        | 40 ans, indépendant, demande raccrocher-formation        | avenir-actifs-cvl    |

    Plan du scénario: Un élève ou un jeune qui veut retourner au lycée ou en CFA va au CIO
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                                      | structure            |
        | 16 ans, élève, demande trouver-formation                                                      | cio-dreux            |
        | 17 ans, élève, demande faire-le-point                                                         | cio-dreux            |
        | 15 ans, élève, demande apprentissage                                                          | cio-dreux            |
        | 20 ans, sans activité, demande raccrocher-formation, veut retourner au lycée ou en CFA        | cio-dreux            |
        | 18 ans, demande raccrocher-formation, encore inscrit dans un établissement                    | cio-dreux            |
        | 20 ans, sans activité, demande raccrocher-formation, ne veut pas retourner au lycée ou en CFA | mission-locale-dreux |
        | 17 ans, sans activité, demande raccrocher-formation, plus inscrit dans un établissement       | mission-locale-dreux |

    Plan du scénario: Un étudiant du bassin commence près de chez lui
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et <aussi> est aussi proposée

      Exemples:
        | personne                                                     | structure | aussi                          |
        | 19 ans, étudiant, demande se-reorienter-etudes, habite Dreux | cio-dreux | universite-tours-orientation   |
        | 19 ans, étudiant, demande se-reorienter-etudes               | cio-dreux | universite-orleans-orientation |
        | 23 ans, étudiant, bac + 3, demande se-reorienter-etudes      | cio-dreux | universite-tours-orientation   |

    Plan du scénario: La limite d'âge de l'apprentissage est une règle avec ses exceptions
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors l'agent est alerté par la règle alerte-alternance-apres-29-ans

      Exemples:
        | personne                                        |
        | 30 ans, demande apprentissage                   |
        | 35 ans, salarié, demande apprentissage          |
        | 45 ans, handicap reconnu, demande apprentissage |

  @engagement-orientation
  Règle: L'argent et le droit d'aujourd'hui

    Plan du scénario: Le contrat de travail décide de qui finance
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                         | structure            |
        | 35 ans, salarié, demandeur d'emploi, demande financer-formation                  | transitions-pro-cvl  |
        | 24 ans, salarié, demande financer-formation                                      | transitions-pro-cvl  |
        | 26 ans, salarié, demande financer-formation                                      | transitions-pro-cvl  |
        | 35 ans, salarié, contrat cdd, demande financer-formation                         | transitions-pro-cvl  |
        | 35 ans, salarié, contrat intermittent, demande financer-formation                | transitions-pro-cvl  |
        | 35 ans, salarié, ancienneté moins-24-mois, demande financer-formation            | avenir-actifs-cvl    |
        | 35 ans, demandeur d'emploi, demande financer-formation                           | france-travail-dreux |
        | 35 ans, indépendant, demande financer-formation                                  | avenir-actifs-cvl    |
        | 35 ans, salarié, demande utiliser-son-cpf                                        | avenir-actifs-cvl    |
        | 35 ans, demandeur d'emploi, demande utiliser-son-cpf                             | france-travail-dreux |
        | 35 ans, salarié, demande bilan-de-competences                                    | avenir-actifs-cvl    |
        | 45 ans, salarié, état du contrat licenciement-economique, demande faire-le-point | france-travail-dreux |
        | 34 ans, salarié, contrat cdi, demande demissionner-pour-projet                   | avenir-actifs-cvl    |
        | 34 ans, salarié, cadre, contrat cdi, demande demissionner-pour-projet            | apec-cvl             |

    Plan du scénario: Transitions Pro n'instruit pas une démission sans CDI, ni déjà donnée
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors transitions-pro-cvl est écartée par la règle <regle>
      Et l'agent est alerté par la règle alerte-demission

      Exemples:
        | personne                                                                     | regle                 |
        | 34 ans, salarié, contrat cdd, demande demissionner-pour-projet               | demission-cdi         |
        | 34 ans, salarié, contrat interim, demande demissionner-pour-projet           | demission-cdi         |
        | 34 ans, salarié, état du contrat demission, demande demissionner-pour-projet | demission-deja-donnee |

    Plan du scénario: Ce que l'agent doit dire, à sa date
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter, le <jour>
      Alors l'agent est alerté par la règle <regle>

      Exemples:
        | personne                                             | jour       | regle                          |
        | salarié, demande financer-formation                  | 2026-04-02 | alerte-cpf-reste-a-charge      |
        | salarié, demande se-reconvertir                      | 2026-02-01 | alerte-periode-de-reconversion |
        | salarié, état du contrat licenciement-economique     | 2026-12-31 | alerte-csp                     |
        | salarié, état du contrat licenciement-economique     | 2027-01-01 | alerte-csp-apres-2026          |
        | agent public, demande valider-acquis                 | 2026-11-27 | alerte-vae-agent-public        |
        | agent public, demande financer-formation             | 2026-11-27 | alerte-cpf-agent-public        |
        | agent public, demande demissionner-pour-projet       | 2026-11-27 | alerte-demission-agent-public  |
        | agent public, position disponibilite                 | 2026-11-27 | alerte-disponibilite           |
        | indépendant, demande financer-formation              | 2026-11-27 | alerte-fonds-independant       |
        | salarié, en arrêt de travail                         | 2026-11-27 | alerte-arret-de-travail        |
        | salarié, état du contrat preavis                     | 2026-11-27 | alerte-fin-de-contrat          |
        | salarié, contrat interim, demande financer-formation | 2026-11-27 | alerte-contrat-court           |
        | demande pour son enfant, 14 ans, élève               | 2026-11-27 | alerte-pour-un-enfant          |
        | sort de détention                                    | 2026-11-27 | alerte-sortie-detention        |
        | 19 ans, suivi par protection-enfance                 | 2026-11-27 | alerte-cej-protection-enfance  |

    Plan du scénario: … et pas avant, ni à qui cela ne sert pas
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter, le <jour>
      Alors l'agent n'est pas alerté par la règle <regle>

      Exemples:
        | personne                                            | jour       | regle                          |
        | salarié, demande financer-formation                 | 2026-04-01 | alerte-cpf-reste-a-charge      |
        | salarié, demande se-reconvertir                     | 2026-01-31 | alerte-periode-de-reconversion |
        | salarié, état du contrat licenciement-economique    | 2027-01-01 | alerte-csp                     |
        | demandeur d'emploi, demande financer-formation      | 2026-11-27 | alerte-cpf-reste-a-charge      |
        | handicap reconnu, demande trouver-emploi            | 2026-11-27 | alerte-langage-adapte          |
        | salarié, demande pour son enfant, demande s-engager | 2026-11-27 | alerte-faire-connaitre-cep     |

    Plan du scénario: Le diplôme visé dit à qui demander une VAE
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                  | structure         |
        | 50 ans, salarié, demande valider-acquis                                   | espace-region-vae |
        | 50 ans, salarié, demande valider-acquis, diplôme visé non                 | espace-region-vae |
        | 50 ans, salarié, demande valider-acquis, diplôme visé education-nationale | academie-dava     |
        | 50 ans, salarié, demande valider-acquis, diplôme visé agriculture         | draaf-cvl         |

  @engagement-orientation
  Règle: L'information jeunesse est pour les jeunes, et ce qui n'a pas de porte le dit

    Plan du scénario: Passé 30 ans, une autre porte passe devant
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                              | structure              |
        | 66 ans, retraité, demande s-engager                   | ligue-enseignement-28  |
        | 31 ans, demande s-engager                             | ligue-enseignement-28  |
        | 22 ans, sans activité, demande s-engager              | bij-dreux              |
        | 31 ans, demande vie-quotidienne                       | type-ccas              |
        | 66 ans, retraité, demande vie-quotidienne             | type-ccas              |
        | 20 ans, demande vie-quotidienne                       | bij-dreux              |
        | 31 ans, demande se-loger                              | type-ccas              |
        | 20 ans, demande se-loger                              | mission-locale-dreux   |
        | 45 ans, demande numerique                             | type-france-services   |
        | 45 ans, demande faire-ses-demarches                   | type-france-services   |
        | 30 ans, demande faire-garder-ses-enfants              | type-petite-enfance    |
        | 40 ans, demande reconnaitre-handicap                  | mda-28                 |
        | 40 ans, demande gerer-son-budget                      | type-ccas              |
        | 40 ans, demande se-soigner                            | type-assurance-maladie |
        | 40 ans, demande reconnaitre-diplome-etranger          | enic-naric             |
        | 40 ans, demande creer-entreprise, secteur agriculture | chambre-agriculture-28 |
        | 40 ans, indépendant, demande entreprise-en-difficulte | bge-28                 |

  @engagement-orientation
  Règle: Une difficulté dite mène quelque part

    Plan du scénario: À côté de la demande, une porte par difficulté
      Étant donné la personne : 40 ans, demandeur d'emploi, demande trouver-emploi, <difficulte>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est france-travail-dreux
      Et <structure> est proposée en complément pour <besoin>

      Exemples:
        | difficulte               | structure              | besoin                       |
        | difficulté logement      | type-ccas              | se-loger                     |
        | difficulté sante         | type-assurance-maladie | se-soigner                   |
        | difficulté mobilite      | type-mobilite          | se-deplacer                  |
        | difficulté garde-enfants | type-petite-enfance    | faire-garder-ses-enfants     |
        | difficulté finances      | type-ccas              | gerer-son-budget             |
        | difficulté numerique     | type-france-services   | numerique                    |
        | difficulté francais      | cria-28                | apprendre-francais           |
        | difficulté administratif | type-france-services   | faire-ses-demarches          |
        | difficulté famille       | type-ccas              | vie-familiale                |
        | diplôme étranger         | enic-naric             | reconnaitre-diplome-etranger |

  @engagement-analyse
  Règle: Les questions conviennent à la personne

    Plan du scénario: Une question hors de propos n'est pas posée
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la question <question> n'est pas posée

      Exemples:
        | personne                                     | question           |
        | 17 ans, demande faire-le-point               | rsa                |
        | 14 ans, demande decouvrir-metiers            | cherche_emploi     |
        | 19 ans, sans diplôme, demande faire-le-point | cadre              |
        | 16 ans, élève                                | cadre              |
        | agent public, demande trouver-emploi         | cadre              |
        | 40 ans, salarié, demande trouver-emploi      | encore_inscrit     |
        | 40 ans, demande s-engager                    | diplome_vise_connu |
        | retraité, demande valider-acquis             | contrat            |

  @engagement-orientation
  Règle: Le bassin n'est pas le département

    Plan du scénario: Hors du bassin, le même service près de chez soi
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et mission-locale-dreux n'est pas proposée
      Et france-travail-dreux n'est pas proposée
      Et cio-dreux n'est pas proposée

      Exemples:
        | personne                                                                      | structure           |
        | 19 ans, habite Chartres, sans activité, demande trouver-emploi                | type-mission-locale |
        | 19 ans, habite Châteaudun, sans activité, demande faire-le-point              | type-mission-locale |
        | 22 ans, habite Évreux, sans activité, demande trouver-emploi                  | type-mission-locale |
        | 40 ans, habite Chartres, demandeur d'emploi, demande trouver-emploi           | type-france-travail |
        | 40 ans, habite Nogent-le-Rotrou, demandeur d'emploi                           | type-france-travail |
        | 40 ans, habite Pierrefitte-sur-Seine, demandeur d'emploi                      | type-france-travail |
        | 22 ans, habite Paris 1er, sans activité, demande trouver-emploi               | type-mission-locale |
        | 22 ans, habite Chateaudum, sans activité, demande trouver-emploi              | type-mission-locale |
        | 15 ans, habite Chartres, élève                                                | type-cio            |
        | 40 ans, habite Évreux, demande creer-entreprise                               | type-chambre        |
        | 40 ans, habite Paris, salarié, demande faire-le-point                         | type-cep-actifs     |
        | 40 ans, habite Paris, handicap reconnu, demande trouver-emploi                | type-cap-emploi     |
        | 40 ans, habite Chartres, salarié, demande faire-le-point                      | avenir-actifs-cvl   |
        | 40 ans, habite Chartres, demande creer-entreprise, secteur artisanat          | cma-cvl-28          |
        | habite Paris                                                                  | m2end               |

    Plan du scénario: Dans le bassin, les structures du bassin, aussi dans l'Eure et le reste de l'arrondissement
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et type-mission-locale n'est pas proposée

      Exemples:
        | personne                                                         | structure            |
        | 20 ans, habite Dreux, sans activité, demande trouver-emploi      | mission-locale-dreux |
        | 20 ans, habite Vernouillet, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite Anet, sans activité, demande trouver-emploi       | mission-locale-dreux |
        | 20 ans, habite Ézy-sur-Eure, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite Nonancourt, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite Nogent-le-Roi, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite Nogent le Roy, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite St Rémy s/ Avre, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite Mézières, sans activité, demande trouver-emploi | mission-locale-dreux |
        | 20 ans, habite Senonches, sans activité, demande trouver-emploi  | mission-locale-dreux |
        | 15 ans, habite Ivry-la-Bataille, élève                           | cio-dreux            |
        | 20 ans, sans activité, demande trouver-emploi                    | mission-locale-dreux |
